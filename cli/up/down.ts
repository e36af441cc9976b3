import { MeshError } from "../../lib/errors";
import type { Pulumi } from "../lib/pulumi";
import { say } from "../lib/say";
import type { Session } from "../lib/session";
import { COMMAND } from "./containers";
import { removeKubeconfig } from "./kubeconfig";
import { recover } from "./recover";
import { unreachableServers } from "./unreachable";

/**
 * What is said when none of the stacks is there.
 *
 * @param known stacks that the backend knows.
 * @param own stacks that have a file.
 */
export function nothingToTakeAway(names: readonly string[], known: readonly string[], own: readonly string[]): string {
  const others = known.filter((stack) => own.includes(stack));
  return `there is nothing to take away in ${names.join(", ")}${others.length > 0 ? `; stacks that are there: ${others.join(", ")}` : ""}`;
}

/**
 * Takes stacks away, the one named last first, and then forgets them. The stacks' settings are not looked at: what is there is in
 * the state.
 *
 * @param names stacks that the backend knows, each once.
 * @throws MeshError when a `destroy` fails or somebody else works on a stack.
 */
export async function takeDown(session: Session, pulumi: Pulumi, names: readonly string[]): Promise<void> {
  for (const stack of [...names].reverse()) {
    await recover(pulumi, stack, session.env, "down");
    const lost = await unreachableServers((await pulumi.export(stack, { showSecrets: true })).deployment);
    if (lost.length > 0) say(`stack ${stack}: ${lost.join(", ")} does not answer; what is recorded there is forgotten`);
    await pulumi.destroy(stack, { refresh: lost.length > 0 });
    if (((await pulumi.export(stack)).deployment.resources ?? []).length > 0) {
      throw new MeshError(`not everything is gone in stack ${stack}`, "Run the same command again; ./mesh env helps to look closer.");
    }
    await pulumi.remove(stack);
    removeKubeconfig(session.mesh, stack);
  }
}

/** Whether any of the stacks, which the backend knows, has something in Docker: taking that away needs the engine. */
export async function usesEngine(pulumi: Pulumi, names: readonly string[]): Promise<boolean> {
  for (const stack of names) {
    const { resources = [], pending_operations: pending = [] } = (await pulumi.export(stack)).deployment;
    // Commands create and delete the kind clusters and their network; everything else in Docker is the Docker provider's.
    if ([...resources, ...pending.map(({ resource }) => resource)].some(({ type }) => type.startsWith("docker:") || type === COMMAND)) return true;
  }
  return false;
}
