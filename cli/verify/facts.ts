import type { Admission, ConnectionFacts } from "./connection-facts";
import type { DiscoveryAccess, DiscoveryState } from "./facts-discovery";
import type { ObserverFacts } from "./observer-facts";
import type { Result } from "./result";
import type { RevisionState } from "./revision-facts";
import type { RoutingState } from "./routing-facts";

export type { Admission, ConnectionFacts } from "./connection-facts";
export type { Result } from "./result";
/**
 * What `verify` learns about a mesh before it judges: plain data, so that every check can be tested on recorded answers.
 * Tokens and private keys are used while gathering and are never part of the facts.
 */
export interface MeshFacts {
  /** RFC 3339 time of the run, by this machine's clock. */
  readonly time: string;
  readonly clusters: readonly ClusterFacts[];
  /** Every ordered pair of distinct clusters. */
  readonly pairs: readonly PairFacts[];
}

export interface ClusterFacts {
  /** The cluster's key: `west`. */
  readonly key: string;
  /** URL of its API server as this machine reaches it. */
  readonly server: string;
  /** How a user's command names this cluster, such as `kubectl --context kind-west`. */
  readonly kubectl: string;
  readonly api: Result<ApiFacts>;
  /** Absent where the cluster could not be read. */
  readonly state?: ClusterState;
  /** Result of a request in plain text to a workload of the mesh, sent by the API server. Absent without traffic, and where no workload ran. */
  readonly plaintext?: Result<Admission>;
  /** Why there is no state: the API server did not answer, or it refused what `verify` needs. */
  readonly unread?: string;
}

export interface ApiFacts {
  /** Kubernetes' `gitVersion`. */
  readonly version: string;
  /** The server's clock less this machine's, in milliseconds, corrected by half the request's duration; absent where the server does not tell the time. */
  readonly skewMs?: number;
}

export interface ClusterState extends RoutingState, DiscoveryState, RevisionState {
  readonly nodes: readonly NodeFacts[];
  /** CIDRs of the pods, as the nodes have them. */
  readonly podCidrs: readonly string[];
  /** CIDRs of the Services; empty where the API server does not tell. */
  readonly serviceCidrs: readonly string[];
  /** `topology.istio.io/network` on namespace istio-system. */
  readonly namespaceNetwork?: string;
  readonly istiod: IstiodFacts;
  readonly cacerts: Result<CacertsFacts | undefined>;
  /** The certificates that workloads trust (ConfigMap istio-ca-root-cert), PEM. */
  readonly distributedRoots?: string;
  readonly remoteSecrets: Result<readonly RemoteSecretFacts[]>;
  readonly gateways: GatewayFacts;
  /** What istiod issued to one of the cluster's proxies; undefined in a cluster without a proxy. */
  readonly workloadCertificate: Result<WorkloadCertificate | undefined>;
  readonly injection: readonly InjectionFacts[];
  /** Prometheus and Jaeger; none where the mesh is not observed. */
  readonly observers: readonly ObserverFacts[];
  /** Errors that were logged; undefined where no pod of istiod and no gateway runs. */
  readonly logs: Result<readonly LogGroup[] | undefined>;
}

export interface NodeFacts {
  readonly name: string;
  readonly ready: boolean;
  readonly region?: string;
  readonly zone?: string;
}

export interface IstiodFacts {
  /** Ready pods of istiod. */
  readonly ready: number;
  /** Pods of istiod, ready or not. */
  readonly total: number;
  readonly version?: string;
  /** Istio's name for the cluster (`CLUSTER_ID`). */
  readonly clusterName?: string;
  readonly meshId?: string;
  readonly trustDomain?: string;
  /** Other names that policies may use for the trust domain. */
  readonly trustDomainAliases: readonly string[];
  /** The network that the injector gives to workloads. */
  readonly network?: string;
  /** What each ready pod of istiod says. Every one is asked: each reads the peers by itself and serves proxies of its own. */
  readonly replicas: readonly ReplicaFacts[];
}

export interface ReplicaFacts {
  /** Name of the pod. */
  readonly pod: string;
  /** The clusters that it reads. */
  readonly remotes: Result<readonly RemoteStatus[]>;
  /** The proxies that are connected to it. */
  readonly proxies: Result<readonly ProxyFacts[]>;
}

export interface RemoteStatus {
  readonly id: string;
  /** `namespace/name` of the remote Secret; empty for istiod's own cluster. */
  readonly secret: string;
  /** `synced`, `syncing`, `timeout` or `closed`. */
  readonly status: string;
}

export interface CacertsFacts {
  /** The Secret's keys. */
  readonly keys: readonly string[];
  readonly caCert?: string;
  readonly certChain?: string;
  readonly rootCert?: string;
  /** Whether the private key belongs to `caCert`. */
  readonly keyMatches: boolean;
}

/** One entry of one Secret labelled `istio/multiCluster: "true"`. */
export interface RemoteSecretFacts {
  /** `namespace/name` of the Secret. */
  readonly secret: string;
  /** The entry's key, which istiod takes as the remote cluster's name. */
  readonly key: string;
  /** Server of the kubeconfig in it. */
  readonly server?: string;
  /** Why the content cannot be used: not YAML, no token, no CA. */
  readonly problem?: string;
}

export interface GatewayFacts {
  /** Services labelled with a network that are reachable from elsewhere. */
  readonly services: readonly GatewayService[];
  /** Gateway resources with a server that passes TLS through by SNI on 15443. */
  readonly passthrough: readonly PassthroughGateway[];
}

export interface GatewayService {
  /** `namespace/name`. */
  readonly name: string;
  readonly network: string;
  readonly addresses: readonly string[];
  readonly hasPort15443: boolean;
  /** Labels that its pods carry. */
  readonly selector: Readonly<Record<string, string>>;
  readonly readyPods: number;
}

export interface PassthroughGateway {
  /** `namespace/name`. */
  readonly name: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly hosts: readonly string[];
  /** The hosts that it was created for, where it records them. */
  readonly intended?: readonly string[];
}

export interface ProxyFacts {
  /** `pod.namespace`. */
  readonly id: string;
  readonly version: string;
  /** Types of configuration that istiod sent and the proxy has not acknowledged. */
  readonly stale: readonly string[];
  /** The error with which the proxy refused its configuration, if it did. */
  readonly rejected?: string;
}

export interface WorkloadCertificate {
  /** `pod.namespace` of the proxy that it was read from. */
  readonly proxy: string;
  /** PEM, leaf first. */
  readonly chain: string;
}

export interface InjectionFacts {
  readonly namespace: string;
  /** Running pods without a sidecar that are not exempt by label or annotation. */
  readonly missing: readonly string[];
  /** Running pods with a sidecar. */
  readonly injected: number;
}

export interface LogGroup {
  /** `pod.namespace` or the Deployment's name: where it was logged. */
  readonly source: string;
  /** The message with its variable parts taken out. */
  readonly message: string;
  readonly count: number;
  /** One line as it was logged. */
  readonly example: string;
}

/** What is known of `from` reading from, and sending to, `to`. */
export interface PairFacts {
  readonly from: string;
  readonly to: string;
  /** For each remote Secret entry of `from` that names `to`: what `to`'s API server said to its token. */
  readonly access: readonly AccessFacts[];
  /** For each address of each east-west gateway of `to`. */
  readonly probes: readonly ProbeFacts[];
  /** Absent with --no-traffic. */
  readonly traffic?: Result<TrafficFacts | NotStarted>;
}

export interface AccessFacts extends DiscoveryAccess {
  readonly secret: string;
  readonly key: string;
  readonly server: string;
  /** Where it was asked instead, because this machine does not know the server's name. */
  readonly askedAt?: string;
  /** What the token may not do and istiod needs, as `verb resource`; the error where the server was not reached or refused it. */
  readonly denied: Result<readonly string[]>;
  /** Where `denied` is an error: what kind of one. `unusable`: nobody was asked, since the entry lacks what it takes. */
  readonly failure?: "unreachable" | "unauthorized" | "unusable";
  /** RFC 3339 end of the token; absent for one that does not end. */
  readonly expires?: string;
}

export interface ProbeFacts {
  readonly address: string;
  /** Tried from a pod of `from`; an error where no pod there could try. */
  readonly connection: Result<ConnectionFacts>;
  /**
   * PEM of what the gateway's backend presents for the SNI of a service in `to`, leaf first, read from this machine. Undefined where no
   * workload with a sidecar runs behind the gateway.
   */
  readonly chain: Result<string | undefined>;
  /** Whether that workload accepts a client with a certificate of another root; undefined as `chain`. */
  readonly foreign: Result<Admission | undefined>;
}

/** The cluster did not run the test workloads, for a reason that would keep a user's workloads from the mesh too. */
export interface NotStarted {
  readonly notStarted: string;
}

export interface TrafficFacts {
  readonly status: number;
  /** Key of the cluster that answered. */
  readonly servedBy?: string;
  /** SPIFFE identity of the client, as the server's proxy saw it. */
  readonly clientIdentity?: string;
  /** Milliseconds from the client's proxy to the answer; the median of the requests sent. */
  readonly latencyMs: number;
}
