import { MeshError } from "../lib/errors";
import type { Deployment, Pulumi } from "../lib/pulumi";
import { say } from "../lib/say";
import type { Session } from "../lib/session";
import { removeKubeconfig } from "./kubeconfig";
import { peerStack } from "./order";

/**
 * Takes stacks away, the one named last first, and then forgets them. A stack that another one still reads as its peer stays known
 * to the backend, empty. The stacks' settings are not looked at: what is there is in the state.
 *
 * @throws MeshError when a `destroy` fails or somebody else works on a stack.
 */
export async function takeDown(session: Session, pulumi: Pulumi, names: readonly string[]): Promise<void> {
  const known = await ownStacks(session, pulumi);
  const there = [...new Set(names)].filter((stack) => known.includes(stack)).reverse();
  if (there.length === 0) {
    say(`there is nothing to take away in ${names.join(", ")}${known.length > 0 ? `; stacks that are there: ${known.join(", ")}` : ""}`);
    return;
  }
  const peers = new Set<string>();
  for (const stack of there) {
    await pulumi.unlock(stack);
    for (const peer of referencesIn(await pulumi.export(stack), session.stacks.project)) peers.add(peer);
    await pulumi.destroy(stack);
    removeKubeconfig(session.mesh, stack);
  }
  await forget(session, pulumi, [...there, ...peers]);
}

/** Whether any of the stacks has something in Docker: taking that away needs the engine. */
export async function usesEngine(pulumi: Pulumi, names: readonly string[]): Promise<boolean> {
  const known = await pulumi.list();
  for (const stack of names.filter((name) => known.includes(name))) {
    const { resources = [] } = await pulumi.export(stack);
    // Commands create and delete the kind clusters; everything else in Docker is the Docker provider's.
    if (resources.some(({ type }) => type.startsWith("docker:") || type === "command:local:Command")) return true;
  }
  return false;
}

/** The stacks that a state reads the outputs of, as far as they are this project's. */
export function referencesIn(deployment: Deployment, project: string): string[] {
  return (deployment.resources ?? [])
    .filter((resource) => resource.type === "pulumi:pulumi:StackReference")
    .map((resource) => peerStack(resource.id ?? "", project))
    .filter((stack) => stack !== undefined);
}

/** Removes those of the stacks that are empty and that no stack with something in it reads. */
async function forget(session: Session, pulumi: Pulumi, candidates: readonly string[]): Promise<void> {
  const states = new Map<string, Deployment>();
  for (const stack of await ownStacks(session, pulumi)) states.set(stack, await pulumi.export(stack));
  const full = [...states].filter(([, state]) => (state.resources ?? []).length > 0);
  const read = new Set(full.flatMap(([, state]) => referencesIn(state, session.stacks.project)));
  const isFull = (stack: string): boolean => full.some(([name]) => name === stack);
  for (const stack of new Set(candidates)) {
    if (states.has(stack) && !isFull(stack) && !read.has(stack)) await pulumi.remove(stack);
  }
  const left = candidates.filter(isFull);
  if (left.length > 0) throw new MeshError(`not everything is gone in ${left.join(", ")}`, "Run the same command again.");
}

/** The stacks in the backend that are this project's, by the files that there are. */
async function ownStacks(session: Session, pulumi: Pulumi): Promise<string[]> {
  const files = session.stacks.names();
  return (await pulumi.list()).filter((stack) => files.includes(stack));
}
