import { readPeer, type Peer } from "../outputs/peers";
import { hasResources, readOutputs } from "../outputs/stack-outputs";

/** The peers of a stack. */
export interface Peers {
  /** In the order given. */
  readonly peers: readonly Peer[];
  /** Names of those that the backend does not know. */
  readonly unknown: readonly string[];
}

/** Reads the peers of a stack. Throws a PeerError when one is not a mesh stack or has another version. */
export async function readPeers(stacks: readonly string[]): Promise<Peers> {
  const read = await Promise.all(stacks.map(async (stack) => [stack, await readOutputs(stack)] as const));
  return { peers: read.map(([stack, outputs]) => readPeer(stack, outputs)), unknown: read.flatMap(([stack, outputs]) => (outputs === undefined ? [stack] : [])) };
}

/** Names of those peers that exist and export nothing although they have resources. */
export async function unfinished(peers: readonly Peer[], unknown: readonly string[]): Promise<string[]> {
  const empty = peers.filter(({ state, stack }) => state === "not-up" && !unknown.includes(stack)).map(({ stack }) => stack);
  const standing = await Promise.all(empty.map(hasResources));
  return empty.filter((_stack, index) => standing[index]);
}
