import type { MeshModel } from "../../settings/model";
import { readPeer, type Peer } from "../../outputs/peers";
import { EXIT, explain, MeshError } from "../../lib/errors";
import { readModel, type SettingsSources } from "../lib/model";
import type { Finished } from "../../lib/process";
import type { Pulumi } from "../lib/pulumi";
import { PulumiError } from "../lib/pulumi-errors";
import { peerStack } from "../up/order";
import { inEmptyState } from "./empty-state";
import { readPreview, type Preview, type PreviousOutputs } from "./preview";
import { failedPlan, planStack, waitingPlan } from "./stack-plan";
import type { StackPlan } from "./report";
import { unsigned } from "./waiting";

/** Whether a cluster's kubeconfig is another stack's output. */
function clustersFromStacks({ clusters }: MeshModel): boolean {
  return clusters.some(({ driver }) => driver.type === "existing" && driver.kubeconfig.from === "stack");
}

/** Plans stacks of one session, and changes nothing. */
export class Planner {
  private readonly read = new Map<string, Promise<unknown>>();

  /** @param known names of the stacks that the backend knows. */
  constructor(
    private readonly session: SettingsSources,
    private readonly pulumi: Pick<Pulumi, "previewJson" | "outputs">,
    private readonly known: readonly string[],
  ) {}

  /** What `up` would do to a stack. For a stack that cannot be planned, a plan that says why. */
  async plan(stack: string): Promise<StackPlan> {
    try {
      return await this.tryPlan(stack);
    } catch (error) {
      if (!(error instanceof MeshError) || error.exitCode === EXIT.interrupted) throw error;
      return failedPlan(stack, explain(error).join("\n"));
    }
  }

  private async tryPlan(stack: string): Promise<StackPlan> {
    const model = this.model(stack);
    const peers = await Promise.all(model.peers.map((peer) => this.peer(peer)));
    const { authority } = model.trust;
    const missing = unsigned(stack, model, peers, authority === "self" ? undefined : this.authorityModel(authority.stack));
    if (missing && !missing.promised) throw new MeshError("not-signed", missing.reason);
    const facts = { stack, model, peers, warnings: [] };
    if (missing) return waitingPlan({ ...facts, previous: await this.previousOutputs(stack), resources: undefined }, missing.reason);
    // A stack that the backend does not know is previewed on an empty state, where other stacks that it reads are missing.
    if (!this.known.includes(stack) && (authority !== "self" || clustersFromStacks(model))) return planStack({ ...facts, previous: undefined, resources: undefined });
    return planStack({ ...facts, ...(await this.preview(stack)) });
  }

  private async preview(stack: string): Promise<Preview> {
    const run = (pulumi: Pick<Pulumi, "previewJson">): Promise<Finished> => pulumi.previewJson(stack);
    const { code, stdout, stderr } = await (this.known.includes(stack) ? run(this.pulumi) : inEmptyState(this.session, stack, run));
    const preview = readPreview(stdout);
    if (code === 0 && preview) return preview;
    if (code === EXIT.interrupted) throw new MeshError("interrupted", "interrupted; nothing was changed", undefined, code);
    const errors = (preview?.errors ?? []).filter((error) => error !== "preview failed");
    throw new MeshError("pulumi-failed", errors.join("\n") || stderr.trim() || `pulumi preview --stack ${stack} failed with exit code ${code}`);
  }

  private model(stack: string): MeshModel {
    return readModel(this.session, stack);
  }

  /** The settings of an authority; undefined when it is not a stack of this project. */
  private authorityModel(peer: string): MeshModel | undefined {
    const stack = peerStack(peer, this.session.stacks.project);
    return stack !== undefined && this.session.stacks.names().includes(stack) ? this.model(stack) : undefined;
  }

  private async peer(name: string): Promise<Peer> {
    return readPeer(name, await this.outputs(peerStack(name, this.session.stacks.project) ?? name));
  }

  private async previousOutputs(stack: string): Promise<PreviousOutputs | undefined> {
    const own = readPeer(stack, await this.outputs(stack));
    return own.state === "up" ? own.outputs : undefined;
  }

  /** All outputs of a stack, read once; undefined when there is no such stack. */
  private outputs(stack: string): Promise<unknown> {
    const reading = this.read.get(stack) ?? this.readOutputs(stack);
    this.read.set(stack, reading);
    return reading;
  }

  private async readOutputs(stack: string): Promise<unknown> {
    if (!stack.includes("/")) return this.known.includes(stack) ? this.pulumi.outputs(stack) : undefined;
    try {
      return await this.pulumi.outputs(stack);
    } catch (error) {
      if (error instanceof PulumiError && error.problem === "no-such-stack") return undefined;
      throw error;
    }
  }
}
