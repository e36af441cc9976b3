import { PeerError, readPeer } from "../../outputs/peers";
import type { MeshOutputs } from "../../outputs/contract";
import { EXIT, MeshError } from "../../lib/errors";
import { readModel } from "../lib/model";
import type { Pulumi } from "../lib/pulumi";
import { say } from "../lib/say";
import type { Session } from "../lib/session";
import { reviveContainers } from "./containers";
import { writeKubeconfig } from "./kubeconfig";
import { peerStack, upOrder, type StackModel } from "./order";
import type { UpStack } from "./report";
import { recover } from "./recover";
import { repairForUp } from "./releases";
import { missingPairs, readByPeers, type StackState } from "./wiring";

/**
 * The stacks that a command names, with their settings, in the order in which they come up.
 *
 * @throws MeshError when one has no file or its settings are wrong.
 */
export function readStacks(session: Session, names: readonly string[]): StackModel[] {
  session.stacks.require(names);
  const { project } = session.stacks;
  const read = (stack: string): StackModel => {
    const model = readModel(session, stack);
    return { stack, model, peers: model.peers.map((peer) => peerStack(peer, project)).filter((peer) => peer !== undefined) };
  };
  return upOrder([...new Set(names)].map(read));
}

/** Makes sure that stacks are known to the backend. */
export async function initStacks(pulumi: Pulumi, stacks: readonly StackModel[]): Promise<void> {
  const there = await pulumi.list();
  for (const { stack } of stacks) {
    if (!there.includes(stack)) await pulumi.init(stack);
  }
}

/**
 * Brings stacks up, and again those that could not be wired yet or that read what has changed since, until every ordered pair of their
 * clusters is wired.
 *
 * @throws MeshError when an `up` fails, somebody else works on a stack, or pairs stay unwired.
 */
export async function bringUp(session: Session, pulumi: Pulumi, stacks: readonly StackModel[]): Promise<UpStack[]> {
  const up = new Map<string, UpStack>();
  const outdated = new Set<string>();
  const states = (): StackState[] => stacks.map(({ stack, peers }) => ({ stack, peers, outputs: up.get(stack)?.outputs }));
  const isUnwired = (index: number): boolean => missingPairs(states()[index]!, states()).length > 0;
  // The first stack cannot read those after it until its second pass; a pass after that could only repeat what it said.
  for (let pass = 1; pass <= 2; pass++) {
    const pending = pass === 1 ? stacks : stacks.filter(({ stack }, index) => outdated.has(stack) || isUnwired(index));
    if (pass > 1 && pending.length > 0) say(`once more ${pending.map(({ stack }) => stack).join(", ")}, to be wired with what has come up since`);
    for (const stackModel of pending) {
      const before = up.get(stackModel.stack)?.outputs ?? (await standing(pulumi, stackModel.stack));
      const after = await upOnce(session, pulumi, stackModel);
      up.set(stackModel.stack, after);
      outdated.delete(stackModel.stack);
      if (readByPeers(before) === readByPeers(after.outputs)) continue;
      for (const { stack, peers } of stacks) if (up.has(stack) && peers.includes(stackModel.stack)) outdated.add(stack);
      await tellOthers(pulumi, stackModel, stacks);
    }
  }
  const missing = states().flatMap((state) => missingPairs(state, states()));
  if (missing.length > 0) {
    throw new MeshError(`up, but not wired: ${missing.join(", ")}`, "The warnings above say why; ./mesh verify looks closer.");
  }
  return [...up.values()];
}

/** What a stack exports before it is brought up; undefined too when it is of another version. */
async function standing(pulumi: Pulumi, stack: string): Promise<MeshOutputs | undefined> {
  try {
    return await outputsOf(pulumi, stack);
  } catch (error) {
    if (error instanceof PeerError) return undefined;
    throw error;
  }
}

/** Says which peers, that the command does not bring up, still hold what a stack was before. */
async function tellOthers(pulumi: Pulumi, { stack, peers }: StackModel, stacks: readonly StackModel[]): Promise<void> {
  const others = peers.filter((peer) => !stacks.some((named) => named.stack === peer));
  if (others.length === 0) return;
  const there = await pulumi.list();
  const holders = others.filter((peer) => there.includes(peer));
  if (holders.length > 0) say(`what other stacks read of ${stack} has changed; next: ./mesh up ${holders.join(" ")}`);
}

async function upOnce(session: Session, pulumi: Pulumi, { stack, model }: StackModel): Promise<UpStack> {
  await reviveContainers(pulumi, stack, await recover(pulumi, stack, session.env, "up"), session.env);
  await upRepaired(pulumi, stack);
  const outputs = await outputsOf(pulumi, stack);
  if (outputs === undefined) throw new MeshError(`stack ${stack} is up and exports nothing`);
  writeKubeconfig(session.mesh, stack, outputs);
  return { stack, model, outputs };
}

/** `pulumi up`, and once more when it failed on releases that a killed run had left: what the state does not tell shows only then. */
async function upRepaired(pulumi: Pulumi, stack: string): Promise<void> {
  try {
    await pulumi.up(stack);
  } catch (error) {
    if (!(error instanceof MeshError) || error.exitCode === EXIT.interrupted || !(await repairForUp(pulumi, stack))) throw error;
    await pulumi.up(stack);
  }
}

/** What a stack exports, once it is up. */
export async function outputsOf(pulumi: Pulumi, stack: string): Promise<MeshOutputs | undefined> {
  const peer = readPeer(stack, await pulumi.outputs(stack));
  return peer.state === "up" ? peer.outputs : undefined;
}
