import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { isTree } from "../lib/merge";
import { gatewayAccess } from "../outputs/discovery-access";
import { clusterOutputs, issuedCertificate, keyRequest, trustOutputs } from "../outputs/contract";
import { readOutputs } from "../outputs/stack-outputs";
import { FORMER_VERSION, formerTrust, trustOf } from "../outputs/version-1";
import type { GatewayAddresses } from "../topology/addresses";
import type { KeyAlgorithm } from "../trust/certificates";
import { authorityAlgorithms } from "../trust/discovery";
import type { KeyRequest } from "../trust/keys";
import type { RootRecipe } from "../trust/root-recipe";
import type { TrustState } from "../trust/rotation";
import { istioBefore, type IstioBefore } from "./istio-before";

/** What is known of this stack since its last `up`, as far as the next one depends on it. */
export interface Previous {
  readonly trust?: PreviousTrust;
  /** Generation of the reader tokens. */
  readonly generation?: number;
  /** Wired pairs, `from->to`. */
  readonly pairs: readonly string[];
  /** By cluster key: the addresses of its gateways. */
  readonly gateways: Readonly<Record<string, Partial<GatewayAddresses>>>;
  /** By cluster key: Istio. */
  readonly istio: Readonly<Record<string, IstioBefore>>;
  /** By cluster key: its version of Kubernetes. */
  readonly kubernetes: Readonly<Record<string, string>>;
  /** Keys of the clusters that were up. */
  readonly clusters: readonly string[];
  /** By cluster key: the keys of the stack's own clusters, where another stack is the authority. */
  readonly requests: Readonly<Record<string, readonly KeyRequest[]>>;
  /** By key of another stack's cluster: the public key for which a certificate was issued. */
  readonly issued: Readonly<Record<string, string>>;
  /** By cluster key, and by generation: the algorithm of each authority of its discovery proxy. */
  readonly discovery: Readonly<Record<string, Readonly<Record<number, KeyAlgorithm>>>>;
}

/** The trust of the last `up`. */
export interface PreviousTrust extends TrustState {
  /** By name of the root: what it was made from. */
  readonly recipes: Readonly<Record<string, RootRecipe>>;
  /** Generation of the intermediates' keys. */
  readonly generation?: number;
  /** Algorithm of the keys of that generation; undefined when it cannot be determined. */
  readonly keyAlgorithm?: KeyAlgorithm;
  /** By name of the root: RFC 3339 time at which it ends. */
  readonly rootEnds: Readonly<Record<string, string>>;
  /** Whether the last `up` was by a version that named keys without their generation. */
  readonly isFormer: boolean;
}

/** The outputs of the last `up` that the next one depends on. Each is left out when it is absent or of another shape. */
const previous = z.object({
  version: z.number().optional().catch(undefined),
  trust: z.unknown().optional(),
  peering: z.object({ generation: z.number() }).optional().catch(undefined),
  pairs: z.array(z.string()).catch([]),
  clusters: z.record(z.string(), z.unknown()).catch({}),
  requests: z.record(z.string(), z.array(keyRequest)).catch({}),
  certificates: z.record(z.string(), issuedCertificate.pick({ publicKey: true })).catch({}),
  credentials: z.record(z.string(), z.object({ gateway: gatewayAccess.pick({ caCertificate: true }).optional().catch(undefined) })).catch({}),
});

/** The part of `trust` that every version exports: without it, the steps of a rotation could not be checked. */
const roots = z.object({ roots: z.array(z.string()), signer: z.string() });

/** See {@link Previous}; empty when there was no `up`. */
export async function readPrevious(): Promise<Previous> {
  const { version, trust, peering, pairs, clusters, requests, certificates, credentials } = previous.parse((await readOutputs(pulumi.getStack())) ?? {});
  const known = previousTrust(trust, version === FORMER_VERSION);
  return {
    ...(known ? { trust: known } : {}),
    ...(peering ? { generation: peering.generation } : {}),
    pairs,
    gateways: gatewaysOf(clusters),
    ...versionsOf(clusters),
    clusters: Object.keys(clusters),
    requests,
    issued: Object.fromEntries(Object.entries(certificates).map(([key, { publicKey }]) => [key, publicKey])),
    discovery: Object.fromEntries(Object.entries(credentials).map(([key, { gateway }]) => [key, authorityAlgorithms(gateway?.caCertificate ?? "")])),
  };
}

function previousTrust(raw: unknown, isFormer: boolean): PreviousTrust | undefined {
  const state = roots.safeParse(raw);
  if (!state.success) return undefined;
  const former = isFormer ? formerTrust.safeParse(raw) : undefined;
  const whole = former?.success ? trustOf(former.data, []) : trustOutputs.safeParse(raw).data;
  if (!whole) return { ...state.data, recipes: {}, rootEnds: {}, isFormer };
  const { recipes, generation, keyAlgorithm, ends } = whole;
  return { ...state.data, recipes, generation, ...(keyAlgorithm ? { keyAlgorithm } : {}), rootEnds: ends.roots, isFormer };
}

function gatewaysOf(clusters: Readonly<Record<string, unknown>>): Record<string, Partial<GatewayAddresses>> {
  return Object.fromEntries(
    Object.entries(clusters).flatMap(([key, cluster]): [string, Partial<GatewayAddresses>][] => {
      const { ingressAddress: ingress, eastWestAddress: eastWest } = isTree(cluster) ? cluster : {};
      return typeof eastWest === "string" ? [[key, { eastWest, ...(typeof ingress === "string" ? { ingress } : {}) }]] : [];
    }),
  );
}

function versionsOf(clusters: Readonly<Record<string, unknown>>): Pick<Previous, "istio" | "kubernetes"> {
  const read = Object.entries(clusters).flatMap(([key, cluster]) => {
    const parsed = clusterOutputs.pick({ versions: true, istio: true }).safeParse(cluster);
    return parsed.success ? [{ key, ...parsed.data }] : [];
  });
  return {
    istio: Object.fromEntries(read.map((cluster) => [cluster.key, istioBefore(cluster)])),
    kubernetes: Object.fromEntries(read.map(({ key, versions }) => [key, versions.kubernetes])),
  };
}
