import { MeshError } from "../../lib/errors";
import { runner, type Runner } from "../../lib/process";
import { see } from "../../lib/troubleshooting";
import { backendUrl } from "../lib/backend";
import { ChoiceRecord } from "../lib/choice-record";
import type { PulumiCommands } from "../lib/pulumi";
import { say } from "../lib/say";
import type { Session } from "../lib/session";
import { COMMAND } from "../lib/state";
import type { StackToRemove } from "./down-guard";
import { removeKubeconfig } from "./kubeconfig";
import { recoverForDown } from "./recover";

/**
 * The message for stacks of which none exists.
 *
 * @param known stacks that the backend knows.
 * @param own stacks that have a file.
 */
export function nothingToRemove(names: readonly string[], known: readonly string[], own: readonly string[]): string {
  const others = known.filter((stack) => own.includes(stack));
  return `there is nothing to remove in ${names.join(", ")}${others.length > 0 ? `; stacks that exist: ${others.join(", ")}` : ""}${see("nothing-to-remove")}`;
}

/**
 * Destroys and removes stacks. Their settings are not read: what exists is in the state.
 *
 * @param stacks what {@link guardDown} allows, in that order.
 * @throws MeshError when a `destroy` fails, when something is left after it, or when somebody is working on a stack.
 */
export async function takeDown(session: Pick<Session, "env" | "mesh">, pulumi: PulumiCommands, stacks: readonly StackToRemove[], programs: Runner = runner): Promise<void> {
  for (const { stack, unreachable } of stacks) {
    const { resources = [] } = await recoverForDown(pulumi, stack, session.env, programs);
    const forgotten = unreachable.map(({ server }) => server);
    if (forgotten.length > 0) say(`stack ${stack}: ${forgotten.join(", ")} cannot be used; what is recorded there is removed from the state`);
    // The roots' keys. What the user has protected by hand stays, and ends the destroy.
    const roots = resources.filter(({ protect, type }) => protect === true && type.startsWith("tls:")).map(({ urn }) => urn);
    if (roots.length > 0) await pulumi.unprotect(stack, roots);
    await pulumi.destroy(stack, { forget: forgotten.length > 0 });
    const left = (await pulumi.export(stack)).deployment.resources ?? [];
    if (left.length > 0) {
      throw new MeshError(
        "not-everything-gone",
        `stack ${stack} still has ${left.length} ${left.length === 1 ? "resource" : "resources"} after destroy, the first one ${left[0]!.urn}`,
        "Run the same command again; ./mesh env helps to look closer.",
      );
    }
    await pulumi.remove(stack);
    removeKubeconfig(session.mesh, stack);
    new ChoiceRecord(session.mesh.choices, backendUrl(session.mesh, session.env)).forget(stack);
  }
}

/** Whether any of the stacks, which the backend knows, has something in Docker: the engine is needed to remove that. */
export async function usesEngine(pulumi: Pick<PulumiCommands, "export">, names: readonly string[]): Promise<boolean> {
  for (const stack of names) {
    const { resources = [], pending_operations: pending = [] } = (await pulumi.export(stack)).deployment;
    // Commands create and delete the kind clusters and their network; everything else in Docker is the Docker provider's.
    if ([...resources, ...pending.map(({ resource }) => resource)].some(({ type }) => type.startsWith("docker:") || type === COMMAND)) return true;
  }
  return false;
}
