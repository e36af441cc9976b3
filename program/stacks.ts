import { readPeer, type Peer } from "../outputs/peers";
import { readOutputs } from "../outputs/stack-outputs";

/** The peers of a stack, in the order given. Throws a PeerError when one is not a mesh stack or has another version. */
export async function readPeers(stacks: readonly string[]): Promise<Peer[]> {
  return Promise.all(stacks.map(async (stack) => readPeer(stack, await readOutputs(stack))));
}
