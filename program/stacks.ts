import * as pulumi from "@pulumi/pulumi";
import type { GatewayAddresses } from "../topology/addresses";
import { isTree } from "../lib/merge";
import { readPeer, type Peer } from "../outputs/peers";
import { hasResources, readOutputs } from "../outputs/stack-outputs";
import type { TrustState } from "../trust/rotation";

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

/** What is known of this stack since its last `up`, as far as the next one depends on it. */
export interface Previous {
  readonly trust?: TrustState;
  /** Generation of the reader tokens. */
  readonly generation?: number;
  /** Wired pairs, `from->to`. */
  readonly pairs: readonly string[];
  /** By cluster key: the addresses of its gateways. */
  readonly gateways: Readonly<Record<string, Partial<GatewayAddresses>>>;
}

/** See {@link Previous}; empty when there was no `up`. */
export async function readPrevious(): Promise<Previous> {
  const { trust, peering, clusters, pairs } = (await readOutputs(pulumi.getStack())) ?? {};
  const roots = isTree(trust) && Array.isArray(trust["roots"]) ? (trust["roots"] as string[]) : undefined;
  const signer = isTree(trust) && typeof trust["signer"] === "string" ? trust["signer"] : undefined;
  const generation = isTree(peering) && typeof peering["generation"] === "number" ? peering["generation"] : undefined;
  return {
    ...(roots && signer !== undefined ? { trust: { roots, signer } } : {}),
    ...(generation === undefined ? {} : { generation }),
    pairs: Array.isArray(pairs) ? pairs.filter((pair) => typeof pair === "string") : [],
    gateways: gatewaysOf(clusters),
  };
}

function gatewaysOf(clusters: unknown): Record<string, Partial<GatewayAddresses>> {
  return Object.fromEntries(
    Object.entries(isTree(clusters) ? clusters : {}).flatMap(([key, cluster]): [string, Partial<GatewayAddresses>][] => {
      const { ingressAddress: ingress, eastWestAddress: eastWest } = isTree(cluster) ? cluster : {};
      return typeof eastWest === "string" ? [[key, { eastWest, ...(typeof ingress === "string" ? { ingress } : {}) }]] : [];
    }),
  );
}
