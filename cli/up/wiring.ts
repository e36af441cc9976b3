import type { MeshOutputs } from "../../outputs/contract";

/** A stack as far as it is up. */
export interface StackState {
  readonly stack: string;
  /** Names of its peers, from its settings. */
  readonly peers: readonly string[];
  /** What it exports; undefined while it is empty. */
  readonly outputs: MeshOutputs | undefined;
}

/**
 * The pairs `from->to` that begin in a stack's own clusters and are not wired, and for a stack that is not up, the stack itself.
 *
 * @param all the stacks that are brought up, the stack itself among them. A peer that is not among them counts with what it exports.
 */
export function missingPairs(state: StackState, all: readonly StackState[]): string[] {
  if (state.outputs === undefined) return [state.stack];
  const own = Object.keys(state.outputs.clusters);
  const peers = all.filter((other) => state.peers.includes(other.stack));
  const members = [...own, ...peers.flatMap((peer) => Object.keys(peer.outputs?.clusters ?? {}))];
  const wired = new Set(state.outputs.pairs);
  return own.flatMap((from) => members.filter((to) => to !== from).map((to) => `${from}->${to}`)).filter((pair) => !wired.has(pair));
}

/**
 * What other stacks take into their clusters of a stack's outputs, for comparison: when it changes, they have to be brought up again.
 * Holds secrets: never to be printed.
 */
export function readByPeers(outputs: MeshOutputs | undefined): string {
  if (outputs === undefined) return "";
  const { clusters, credentials, intermediates } = outputs;
  const read = Object.keys(clusters).sort().map((key) => {
    const { clusterName, network, apiServer } = clusters[key]!;
    const { caCertificate, token } = credentials[key] ?? {};
    return [key, clusterName, network, apiServer, caCertificate, token];
  });
  const issued = Object.keys(intermediates).sort().map((key) => [key, intermediates[key]?.certChain, intermediates[key]?.rootCert]);
  return JSON.stringify([read, issued]);
}
