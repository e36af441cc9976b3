import { MeshError } from "../lib/errors";
import type { Pulumi } from "../lib/pulumi";
import { say } from "../lib/say";
import type { Session } from "../lib/session";
import { COMMAND } from "./containers";
import { removeKubeconfig } from "./kubeconfig";
import { recover } from "./recover";

/**
 * Takes stacks away, the one named last first, and then forgets them. The stacks' settings are not looked at: what is there is in
 * the state.
 *
 * @throws MeshError when a `destroy` fails or somebody else works on a stack.
 */
export async function takeDown(session: Session, pulumi: Pulumi, names: readonly string[]): Promise<void> {
  const known = await ownStacks(session, pulumi);
  const there = [...new Set(names)].filter((stack) => known.includes(stack)).reverse();
  if (there.length === 0) {
    say(`there is nothing to take away in ${names.join(", ")}${known.length > 0 ? `; stacks that are there: ${known.join(", ")}` : ""}`);
  }
  for (const stack of there) {
    await recover(pulumi, stack, session.env, "down");
    await pulumi.destroy(stack);
    if (((await pulumi.export(stack)).deployment.resources ?? []).length > 0) {
      throw new MeshError(`not everything is gone in stack ${stack}`, "Run the same command again; ./mesh env helps to look closer.");
    }
    await pulumi.remove(stack);
    removeKubeconfig(session.mesh, stack);
  }
}

/** Whether any of the stacks has something in Docker: taking that away needs the engine. */
export async function usesEngine(pulumi: Pulumi, names: readonly string[]): Promise<boolean> {
  const known = await pulumi.list();
  for (const stack of names.filter((name) => known.includes(name))) {
    const { resources = [], pending_operations: pending = [] } = (await pulumi.export(stack)).deployment;
    // Commands create and delete the kind clusters and their network; everything else in Docker is the Docker provider's.
    if ([...resources, ...pending.map(({ resource }) => resource)].some(({ type }) => type.startsWith("docker:") || type === COMMAND)) return true;
  }
  return false;
}

/** The stacks in the backend that are this project's, by the files that there are. */
async function ownStacks(session: Session, pulumi: Pulumi): Promise<string[]> {
  const files = session.stacks.names();
  return (await pulumi.list()).filter((stack) => files.includes(stack));
}
