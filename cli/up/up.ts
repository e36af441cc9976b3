import { EXIT, MeshError } from "../../lib/errors";
import { runner, type Runner } from "../../lib/process";
import { see } from "../../lib/troubleshooting";
import type { MeshOutputs } from "../../outputs/contract";
import { PeerError, readPeer, type Peer } from "../../outputs/peers";
import { readModel } from "../lib/model";
import type { PulumiCommands } from "../lib/pulumi";
import { say } from "../lib/say";
import type { Session } from "../lib/session";
import { outputsIn, type Deployment } from "../lib/state";
import { reviveContainers } from "./containers";
import { peerStack, toMoveFirst, upOrder, type StackModel } from "./order";
import { recoverForUp } from "./recover";
import { repairForUp } from "./releases";
import type { UpStack } from "./report";
import { keepsFormerWay, missingPairs, readByPeers, waitingClusters, type StackState } from "./wiring";

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

/** Passes that the longest case takes: the authority comes up, another stack asks it to sign, it signs, and both are wired with a third. */
const PASSES = 4;

/**
 * Brings stacks up, and then again those that could not be wired yet or that read what has changed since, until every cluster has its
 * certificate and every ordered pair of clusters is wired.
 *
 * @throws MeshError when an `up` fails, somebody else is working on a stack, or clusters have no certificate or pairs are not wired in the end.
 */
export async function bringUp(
  session: Pick<Session, "env">,
  pulumi: PulumiCommands,
  named: readonly StackModel[],
  programs: Runner = runner,
): Promise<UpStack[]> {
  const before = new Map<string, Recorded>();
  for (const { stack } of named) before.set(stack, await recover(session, pulumi, stack, programs));
  const stacks = toMoveFirst(named, [...before.values()].map(({ peer }) => peer));
  const up = new Map<string, UpStack>();
  const outdated = new Set<string>();
  const states = (): StackState[] => stacks.map(({ stack, peers }) => ({ stack, peers, outputs: up.get(stack)?.outputs }));
  const isUnwired = (index: number): boolean => missingPairs(states()[index]!, states()).length > 0;
  const waitsForPeers = ({ stack, peers }: StackModel): boolean => {
    const outputs = up.get(stack)?.outputs;
    return outputs !== undefined && keepsFormerWay(outputs) && stacks.some((other) => peers.includes(other.stack));
  };
  for (let pass = 1; pass <= PASSES; pass++) {
    for (const [index, stackModel] of stacks.entries()) {
      const { stack } = stackModel;
      // Without a change since its last `up`, another one would do and say the same.
      if (pass > 1 && !outdated.has(stack) && !(pass === 2 && (isUnwired(index) || waitsForPeers(stackModel)))) continue;
      if (pass > 1) say(`once more ${stack}, with what other stacks have changed since`);
      outdated.delete(stack);
      const { deployment, peer } = before.get(stack)!;
      const was = up.get(stack)?.outputs ?? exportedBy(peer);
      if (!up.has(stack)) await reviveContainers(pulumi, stack, deployment, session.env, programs);
      const after = await upOnce(pulumi, stackModel);
      up.set(stack, after);
      if (readByPeers(was) === readByPeers(after.outputs)) continue;
      for (const { stack: other, peers } of stacks) if (up.has(other) && peers.includes(stack)) outdated.add(other);
      await sayWhoIsOutdated(pulumi, stackModel, stacks);
    }
  }
  const done = named.map(({ stack }) => up.get(stack)!);
  refuseWaiting(done);
  const missing = states().flatMap((state) => missingPairs(state, states()));
  if (missing.length > 0) {
    throw new MeshError("not-wired", `up, but not wired: ${missing.join(", ")}`, "The warnings above say why; ./mesh verify looks closer.");
  }
  return done;
}

/** A stack as it was before the command. Holds secrets. */
interface Recorded {
  readonly deployment: Deployment;
  /** As not up also when a version of the program wrote it that cannot be read. */
  readonly peer: Peer;
}

/** Makes a stack ready for `up`, and reads what it records and exports in one run of Pulumi. What is refused here is so before the first `up`. */
async function recover({ env }: Pick<Session, "env">, pulumi: PulumiCommands, stack: string, programs: Runner): Promise<Recorded> {
  const deployment = await recoverForUp(pulumi, stack, env, programs);
  try {
    return { deployment, peer: readPeer(stack, outputsIn(deployment)) };
  } catch (error) {
    if (error instanceof PeerError) return { deployment, peer: { state: "not-up", stack } };
    throw error;
  }
}

function exportedBy(peer: Peer): MeshOutputs | undefined {
  return peer.state === "up" ? peer.outputs : undefined;
}

function refuseWaiting(done: readonly UpStack[]): void {
  for (const { stack, model, outputs } of done) {
    const waiting = waitingClusters(model.clusters.map(({ key }) => key), outputs);
    if (waiting.length === 0 || model.trust.authority === "self") continue;
    const { stack: authority } = model.trust.authority;
    throw new MeshError(
      "waiting-for-certificate",
      `stack ${stack}: ${waiting.join(", ")} ${waiting.length > 1 ? "have" : "has"} no certificate yet, which stack ${authority} has to sign`,
      `Next: ./mesh up ${authority.split("/").at(-1)} ${stack}`,
    );
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

async function upOnce(pulumi: PulumiCommands, { stack, model }: StackModel): Promise<UpStack> {
  await upRepaired(pulumi, stack);
  const outputs = exportedBy(readPeer(stack, await pulumi.outputs(stack)));
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

