import { EXIT, MeshError } from "../../lib/errors";
import { runner, type Runner } from "../../lib/process";
import { see } from "../../lib/troubleshooting";
import type { MeshOutputs } from "../../outputs/contract";
import { PeerError, readPeer } from "../../outputs/peers";
import { readModel } from "../lib/model";
import type { PulumiCommands } from "../lib/pulumi";
import { say } from "../lib/say";
import type { Session } from "../lib/session";
import { reviveContainers } from "./containers";
import { peerStack, upOrder, type StackModel } from "./order";
import { recoverForUp } from "./recover";
import { repairForUp } from "./releases";
import type { UpStack } from "./report";
import { missingPairs, readByPeers, type StackState } from "./wiring";

/**
 * The stacks that a command names, with their settings, in the order in which they are brought up.
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

/** Creates those stacks that the backend does not know yet. */
export async function initStacks(pulumi: Pick<PulumiCommands, "init" | "list">, stacks: readonly StackModel[]): Promise<void> {
  const known = await pulumi.list();
  for (const { stack } of stacks) {
    if (!known.includes(stack)) await pulumi.init(stack);
  }
}

/**
 * Brings stacks up, and then again those that could not be wired yet or that read what has changed since, until every ordered pair of
 * their clusters is wired.
 *
 * @throws MeshError when an `up` fails, somebody else is working on a stack, or pairs are not wired in the end.
 */
export async function bringUp(
  session: Pick<Session, "env">,
  pulumi: PulumiCommands,
  stacks: readonly StackModel[],
  programs: Runner = runner,
): Promise<UpStack[]> {
  const up = new Map<string, UpStack>();
  const outdated = new Set<string>();
  const states = (): StackState[] => stacks.map(({ stack, peers }) => ({ stack, peers, outputs: up.get(stack)?.outputs }));
  const isUnwired = (index: number): boolean => missingPairs(states()[index]!, states()).length > 0;
  // The first stack cannot read those after it until its second pass; a pass after that could only repeat what it said.
  for (let pass = 1; pass <= 2; pass++) {
    const pending = pass === 1 ? stacks : stacks.filter(({ stack }, index) => outdated.has(stack) || isUnwired(index));
    if (pass > 1 && pending.length > 0) say(`once more ${pending.map(({ stack }) => stack).join(", ")}, to be wired with what has come up since`);
    for (const stackModel of pending) {
      const before = up.get(stackModel.stack)?.outputs ?? (await outputsBefore(pulumi, stackModel.stack));
      const after = await upOnce(session, pulumi, stackModel, programs);
      up.set(stackModel.stack, after);
      if (readByPeers(before) === readByPeers(after.outputs)) continue;
      for (const { stack, peers } of stacks) if (up.has(stack) && peers.includes(stackModel.stack)) outdated.add(stack);
      await sayWhoIsOutdated(pulumi, stackModel, stacks);
    }
  }
  const missing = states().flatMap((state) => missingPairs(state, states()));
  if (missing.length > 0) {
    throw new MeshError("not-wired", `up, but not wired: ${missing.join(", ")}`, "The warnings above say why; ./mesh verify looks closer.");
  }
  return [...up.values()];
}

/** What a stack exports before it is brought up; undefined also when another version of the program wrote it. */
async function outputsBefore(pulumi: PulumiCommands, stack: string): Promise<MeshOutputs | undefined> {
  try {
    return await outputsOf(pulumi, stack);
  } catch (error) {
    if (error instanceof PeerError) return undefined;
    throw error;
  }
}

/** Names the peers that the command does not bring up and that still hold what a stack exported before. */
async function sayWhoIsOutdated(pulumi: PulumiCommands, { stack, peers }: StackModel, stacks: readonly StackModel[]): Promise<void> {
  const others = peers.filter((peer) => !stacks.some((named) => named.stack === peer));
  if (others.length === 0) return;
  const known = await pulumi.list();
  const outdated = others.filter((peer) => known.includes(peer));
  if (outdated.length > 0) say(`what other stacks read of ${stack} has changed; next: ./mesh up ${outdated.join(" ")}${see("peers-outdated")}`);
}

async function upOnce({ env }: Pick<Session, "env">, pulumi: PulumiCommands, { stack, model }: StackModel, programs: Runner): Promise<UpStack> {
  await reviveContainers(pulumi, stack, await recoverForUp(pulumi, stack, env, programs), env, programs);
  await upRepaired(pulumi, stack);
  const outputs = await outputsOf(pulumi, stack);
  if (outputs === undefined) throw new MeshError("stack-not-up", `stack ${stack} is up and exports nothing`);
  return { stack, model, outputs };
}

/** `pulumi up`, and once more when it failed because of releases that a killed run left: what the state does not show appears only then. */
async function upRepaired(pulumi: PulumiCommands, stack: string): Promise<void> {
  try {
    await pulumi.up(stack);
  } catch (error) {
    if (!(error instanceof MeshError) || error.exitCode === EXIT.interrupted || !(await repairForUp(pulumi, stack))) throw error;
    await pulumi.up(stack);
  }
}

/** What a stack exports; undefined when it is not up. @throws PeerError when another version of the program wrote it. */
async function outputsOf(pulumi: Pick<PulumiCommands, "outputs">, stack: string): Promise<MeshOutputs | undefined> {
  const peer = readPeer(stack, await pulumi.outputs(stack));
  return peer.state === "up" ? peer.outputs : undefined;
}
