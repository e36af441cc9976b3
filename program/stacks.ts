import * as pulumi from "@pulumi/pulumi";
import type { GatewayAddresses } from "../topology/addresses";
import { isTree } from "../lib/merge";
import { readPeer, type Peer } from "../outputs/peers";
import { readOutputs } from "../outputs/stack-outputs";
import type { TrustState } from "../trust/rotation";

/** The peers of a stack, in the order given. Throws a PeerError when one is not a mesh stack or has another version. */
export async function readPeers(stacks: readonly string[]): Promise<Peer[]> {
  return Promise.all(stacks.map(async (stack) => readPeer(stack, await readOutputs(stack))));
}

/** What is known of this stack since its last `up`, as far as the next one depends on it. */
export interface Previous {
  readonly trust?: TrustState;
  /** Generation of the reader tokens. */
  readonly generation?: number;
  /** By cluster key: the addresses of its gateways. */
  readonly gateways: Readonly<Record<string, GatewayAddresses>>;
}

/** See {@link Previous}; empty when there was no `up`. */
export async function readPrevious(): Promise<Previous> {
  const { trust, peering, clusters } = (await readOutputs(pulumi.getStack())) ?? {};
  const roots = isTree(trust) && Array.isArray(trust["roots"]) ? (trust["roots"] as string[]) : undefined;
  const signer = isTree(trust) && typeof trust["signer"] === "string" ? trust["signer"] : undefined;
  const generation = isTree(peering) && typeof peering["generation"] === "number" ? peering["generation"] : undefined;
  return { ...(roots && signer !== undefined ? { trust: { roots, signer } } : {}), ...(generation === undefined ? {} : { generation }), gateways: gatewaysOf(clusters) };
}

function gatewaysOf(clusters: unknown): Record<string, GatewayAddresses> {
  return Object.fromEntries(
    Object.entries(isTree(clusters) ? clusters : {}).flatMap(([key, cluster]): [string, GatewayAddresses][] => {
      const { ingressAddress: ingress, eastWestAddress: eastWest } = isTree(cluster) ? cluster : {};
      return typeof ingress === "string" && typeof eastWest === "string" ? [[key, { ingress, eastWest }]] : [];
    }),
  );
}
