import * as pulumi from "@pulumi/pulumi";
import type { GatewayAddresses } from "../topology/addresses";
import { isTree } from "../lib/merge";
import { UserError } from "../lib/problems";
import { readPeer, type Peer } from "../outputs/peers";
import type { TrustState } from "../trust/rotation";

/**
 * The outputs of a stack's last `up` as plain values; undefined when the stack was never initialised. The values are known while
 * the program runs, also in a preview, so that they can decide which resources there are.
 *
 * This is the engine's function that StackReference uses. With a StackReference resource, a stack that was never initialised is an
 * error that the program cannot catch, and the reference to a stack that was removed stays in the state and fails each refresh.
 * @param stack name of the stack, alone or with organization and project
 * @throws UserError when the stack cannot be read for any other reason
 */
export async function readOutputs(stack: string): Promise<Record<string, unknown> | undefined> {
  const name = stack.includes("/") ? stack : `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
  try {
    const answer = (await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name })) as { outputs: Record<string, unknown> };
    return answer.outputs;
  } catch (error) {
    // Any other failure (storage, credentials, network) says nothing about the stack: a peer that is wrongly taken as absent is cut off.
    if (/\bunknown stack "/.test((error as Error).message)) return undefined;
    throw new UserError(`stack ${name} cannot be read, so nothing was changed: ${(error as Error).message}`);
  }
}

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
