import type { MeshOutputs } from "../../outputs/contract";

/** A stack that may be up. */
export interface StackState {
  readonly stack: string;
  /** Names of its peers, from its settings. */
  readonly peers: readonly string[];
  /** What it exports; undefined while it is not up. */
  readonly outputs: MeshOutputs | undefined;
}

/**
 * The pairs `from->to` that begin in a stack's own clusters and are not wired; for a stack that is not up, its name.
 *
 * @param all the stacks that are brought up, including this one. Peers that are not among them are left out.
 */
export function missingPairs(state: StackState, all: readonly StackState[]): string[] {
  if (state.outputs === undefined) return [state.stack];
  const own = Object.keys(state.outputs.clusters);
  const peers = all.filter((other) => state.peers.includes(other.stack));
  const members = [...own, ...peers.flatMap((peer) => Object.keys(peer.outputs?.clusters ?? {}))];
  const wired = new Set(state.outputs.pairs);
  return own.flatMap((from) => members.filter((to) => to !== from).map((to) => `${from}->${to}`)).filter((pair) => !wired.has(pair));
}

/** The clusters of a stack's settings that are not up, because the authority has not issued a certificate for their key. */
export function waitingClusters(clusters: readonly string[], outputs: MeshOutputs | undefined): string[] {
  return clusters.filter((key) => outputs !== undefined && !(key in outputs.clusters));
}

/**
 * The part of a stack's outputs that other stacks use, for comparison: when it changes, they must be brought up again. It contains secrets:
 * never to be printed.
 */
export function readByPeers(outputs: MeshOutputs | undefined): string {
  if (outputs === undefined) return "";
  const { clusters, credentials, certificates, requests, trust } = outputs;
  const read = Object.keys(clusters).sort().map((key) => {
    const { clusterName, network, apiServer, through, observed = false } = clusters[key]!;
    const { caCertificate, token, gateway } = credentials[key] ?? {};
    // What is kept only for peers that have not switched yet is not a change for the others.
    return [key, clusterName, network, observed, ...(through === "gateway" ? [gateway] : [apiServer, caCertificate, token])];
  });
  const issued = Object.keys(certificates).sort().map((key) => [key, certificates[key]?.publicKey, certificates[key]?.certChain, certificates[key]?.rootCert]);
  // The authority signs only the newest request.
  const asked = Object.keys(requests).sort().map((key) => [key, requests[key]?.at(-1)?.request]);
  return JSON.stringify([read, issued, asked, trust?.generation]);
}

/**
 * Whether peers can still read one of a stack's clusters in the way that was configured before: once all of them have switched, the next
 * `up` ends that.
 */
export function keepsFormerWay({ clusters, credentials }: MeshOutputs): boolean {
  return Object.entries(clusters).some(([key, { through }]) => {
    const { token, gateway } = credentials[key] ?? {};
    return through === "gateway" ? token !== undefined : gateway !== undefined;
  });
}
