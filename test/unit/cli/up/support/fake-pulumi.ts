import type { PulumiCommands } from "../../../../../cli/lib/pulumi";
import type { Deployment } from "../../../../../cli/lib/state";
import type { Finished } from "../../../../../lib/process";
import type { MeshOutputs } from "../../../../../outputs/contract";

/** Pulumi without Pulumi: states in memory, and what was asked of it. */
export class FakePulumi implements PulumiCommands {
  /** What was done, such as `up west`; `export west secrets` when the state was read with its secrets. */
  readonly calls: string[] = [];
  /** Stacks that the backend knows, with their states. */
  readonly states = new Map<string, Deployment>();
  /** States that were imported, by stack. */
  readonly imported = new Map<string, Deployment>();
  /** What stacks export; those without are not up. */
  readonly exported = new Map<string, MeshOutputs>();
  /** Stacks that were left locked by a killed run. */
  readonly locked = new Set<string>();
  /** Stacks that somebody is working on. */
  readonly busy = new Set<string>();
  /** What `up` does to a stack, beside what is recorded here. */
  onUp: (stack: string) => void = () => undefined;
  /** What `destroy` leaves of a stack. */
  afterDestroy: (stack: string) => Deployment = () => ({});

  async init(stack: string): Promise<void> {
    this.calls.push(`init ${stack}`);
    this.states.set(stack, {});
  }

  async list(): Promise<string[]> {
    return [...this.states.keys()];
  }

  async unlock(stack: string): Promise<boolean> {
    this.calls.push(`unlock ${stack}`);
    if (this.busy.has(stack)) throw new Error(`stack ${stack} is being worked on`);
    return this.locked.delete(stack);
  }

  async up(stack: string): Promise<void> {
    this.calls.push(`up ${stack}`);
    this.onUp(stack);
  }

  async preview(stack: string): Promise<void> {
    this.calls.push(`preview ${stack}`);
  }

  async previewJson(): Promise<Finished> {
    throw new Error("nothing here asks for a preview as JSON");
  }

  async destroy(stack: string, options: { readonly forget: boolean }): Promise<void> {
    this.calls.push(`destroy ${stack}${options.forget ? " forget" : ""}`);
    this.states.set(stack, this.afterDestroy(stack));
  }

  async unprotect(stack: string, urns: readonly string[]): Promise<void> {
    this.calls.push(`unprotect ${stack} ${urns.map((urn) => urn.split("::").at(-1)).join(" ")}`);
  }

  async remove(stack: string): Promise<void> {
    this.calls.push(`remove ${stack}`);
    this.states.delete(stack);
  }

  async outputs(stack: string): Promise<unknown> {
    return this.exported.get(stack) ?? {};
  }

  async export(stack: string, options: { readonly showSecrets?: boolean } = {}): Promise<{ deployment: Deployment; text: string }> {
    this.calls.push(`export ${stack}${options.showSecrets === true ? " secrets" : ""}`);
    const recorded = this.states.get(stack) ?? {};
    const outputs = this.exported.get(stack);
    const deployment = outputs ? { ...recorded, resources: [...(recorded.resources ?? []), { urn: `urn:${stack}`, type: "pulumi:pulumi:Stack", outputs: { ...outputs } }] } : recorded;
    return { deployment, text: JSON.stringify({ version: 3, deployment }) };
  }

  async import(stack: string, { text }: { readonly text: string }): Promise<void> {
    this.calls.push(`import ${stack}`);
    const { pending_operations: _, ...deployment } = (JSON.parse(text) as { deployment: Deployment }).deployment;
    this.states.set(stack, deployment);
    this.imported.set(stack, deployment);
  }

  async refresh(stack: string, urns: readonly string[]): Promise<void> {
    this.calls.push(`refresh ${stack} ${urns.join(" ")}`);
  }
}
