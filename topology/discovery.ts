/** Names and addresses of what lets peers read a cluster through its east-west gateway, each in one place. */
import { createHash } from "node:crypto";
import { CROSS_NETWORK_PORT } from "./names";

/** The ways in which peers can read a cluster: through its east-west gateway, or at its API server. */
export const WAYS = ["gateway", "apiServer"] as const;
/** How peers read a cluster: `gateway`, through its east-west gateway and without any Secret; `apiServer`, at its API server. */
export type Way = (typeof WAYS)[number];

/** Namespace of the discovery proxy, of its certificate, and of the accounts with which peers read through it. */
export const DISCOVERY_NAMESPACE = "usmesh-discovery";
/** A namespace in which there is no Secret: what a peer gets when its istiod asks for the Secrets of all namespaces. */
export const NO_SECRETS_NAMESPACE = "usmesh-no-secrets";
/** Name of the proxy's Deployment, Service and configuration, and of what leads to it. */
export const DISCOVERY_PROXY = "discovery-proxy";
/** Name of the roles of peers' accounts. */
export const DISCOVERY_ROLE = "usmesh-discovery-peer";
/** ConfigMap with the mesh's configuration in the control plane's namespace, which istiod of a peer reads. Istio sets the name. */
export const MESH_CONFIG_MAP = "istio";

/** The end of every name by which a cluster's proxy is asked for. It is only an SNI: no DNS server has to know it. */
const HOST_SUFFIX = ".discovery.usmesh.internal";

/** The name by which peers ask a cluster's east-west gateway for the proxy, and which the proxy's certificate has. */
export function discoveryHost(key: string): string {
  return `${key}${HOST_SUFFIX}`;
}

/** Whether a name is one of {@link discoveryHost}. */
export function isDiscoveryHost(host: string | undefined): boolean {
  return host?.endsWith(HOST_SUFFIX) ?? false;
}

/** URL of an east-west gateway's port between networks. @param address an IPv4 or IPv6 address, or a host name */
export function gatewayUrl(address: string): string {
  return `https://${address.includes(":") ? `[${address}]` : address}:${CROSS_NETWORK_PORT}`;
}

/** Who reads a cluster with an account of its own: a cluster of the same stack, or another stack with all its clusters. */
export interface DiscoveryPeer {
  /** Whether it is a cluster or a stack. */
  readonly kind: "cluster" | "stack";
  /** The cluster's key, or the stack's name as the settings have it. */
  readonly name: string;
}

/** Longest name of an account, in characters: its tokens' names add a generation to it. */
const MAX_ACCOUNT_LENGTH = 50;

/** Name of a peer's ServiceAccount. Peers with different names have different accounts, also where a name is no DNS label. */
export function accountName({ kind, name }: DiscoveryPeer): string {
  const plain = `${kind}-${name}`;
  const safe = plain.toLowerCase().replace(/[^a-z0-9-]+/g, "-");
  if (safe === plain && plain.length <= MAX_ACCOUNT_LENGTH && !plain.endsWith("-")) return plain;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${safe.slice(0, MAX_ACCOUNT_LENGTH - 9).replace(/-+$/, "")}-${digest}`;
}

/** Name of the Secret with an account's token of a generation. */
export function tokenName(peer: DiscoveryPeer, generation: number): string {
  return `${accountName(peer)}-${generation}`;
}
