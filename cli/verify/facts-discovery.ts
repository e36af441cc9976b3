import type { ConnectionFacts } from "./connection-facts";
import type { Result } from "./result";

/** What is known of the discovery proxy of a cluster, through which peers read it. */
export interface DiscoveryState {
  /** Undefined where the cluster has no proxy. */
  readonly discovery: Result<ProxyState | undefined>;
}

export interface ProxyState {
  /** Replicas that the Deployment asks for. */
  readonly wanted: number;
  readonly ready: number;
  /** Names for which a Gateway on the east-west gateways' pods passes TLS on, on port 15443. */
  readonly hosts: readonly string[];
}

/** What the entry of a remote Secret shows beside what istiod needs. */
export interface DiscoveryAccess {
  /** Absent where the entry leads to an API server itself. */
  readonly through?: ThroughFacts;
  /** What the token may do and istiod does not need, each as `verbs resource`; absent where the token was not asked about. */
  readonly excess?: Result<readonly string[]>;
}

/** What a gateway and the proxy behind it showed. */
export interface ThroughFacts {
  /** The name by which the gateway is asked for the proxy. */
  readonly host: string;
  /** PEM of what the proxy presents, leaf first. */
  readonly chain: Result<string>;
  /** PEM of the authorities in the remote Secret. */
  readonly authorities: string;
  /** Milliseconds for the list of the Services' first; absent where it failed. */
  readonly latencyMs?: number;
  /** How many Secrets a list of those of all namespaces has, at most one; an error where it was refused. */
  readonly secrets: Result<number>;
  /** Whether the API server itself, which need not be reachable, is: tried from a pod of the cluster that reads. */
  readonly apiServer?: Result<ConnectionFacts>;
}
