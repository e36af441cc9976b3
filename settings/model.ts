/**
 * The mesh as one stack sees it: what its settings say, checked and completed with defaults. Everything here can be
 * known before any cluster exists; what only a running cluster can tell is a component's output.
 */
export interface MeshModel {
  /** Mesh id, the same in every member. */
  readonly mesh: string;
  /** SPIFFE trust domain, the same in every member. */
  readonly trustDomain: string;
  /** `demo` keeps one replica of everything and logs each request; `production` runs two and logs none. */
  readonly profile: Profile;
  /** The clusters that this stack owns and writes to, by address index and then by key. At least one. */
  readonly clusters: readonly ClusterModel[];
  /** Names of the stacks whose clusters belong to the same mesh, in the order of the settings. */
  readonly peers: readonly string[];
  readonly trust: TrustModel;
  readonly peering: PeeringModel;
  readonly istio: IstioModel;
  readonly metallb: ChartModel;
  readonly docker: DockerModel;
  readonly kind: KindModel;
  readonly client: ClientModel;
  readonly demo: DemoModel;
}

export type Profile = "demo" | "production";

/** One cluster of the mesh. */
export interface ClusterModel {
  /** The cluster's key in the settings, such as `west`: part of every resource name. A DNS-1123 label. */
  readonly key: string;
  /** Istio's name for the cluster, such as `west-cluster`: the key in its peers' remote Secrets. */
  readonly clusterName: string;
  /** Istio's name for the cluster's network, such as `west-network`. */
  readonly network: string;
  /** `topology.kubernetes.io/region` of its nodes. */
  readonly region: string;
  /** `topology.kubernetes.io/zone` of its nodes. */
  readonly zone: string;
  readonly driver: KindDriver | ExistingDriver;
  /** Whether MetalLB gives this cluster's load balancers their addresses. */
  readonly metallb: boolean;
  /** Explicit ranges of load balancer addresses (`a-b` or CIDR); undefined: derived from the Docker subnet by `addressIndex`. */
  readonly addresses?: readonly string[];
  /**
   * Which slice of the Docker subnet is the cluster's own, from 1. Distinct among all clusters that share the network. 0: none,
   * because the cluster exists or sets every range itself.
   */
  readonly addressIndex: number;
}

/** A kind cluster that the stack creates and deletes. */
export interface KindDriver {
  readonly type: "kind";
  /** Name of the kind cluster: its node is the container `<kindName>-control-plane`. */
  readonly kindName: string;
  /** CIDR of the pods. */
  readonly podSubnet: string;
  /** CIDR of the Services. */
  readonly serviceSubnet: string;
}

/** A cluster that exists already; the stack writes to it but never creates or deletes it. */
export interface ExistingDriver {
  readonly type: "existing";
  /** Path of the kubeconfig file, absolute or relative to the project. Never the ambient one by default. */
  readonly kubeconfig: string;
  /** The context in that file. */
  readonly context: string;
  /** `https://host:port` at which the peers' istiod reaches the API server; undefined: the server of the context. */
  readonly apiServer?: string;
}

/** Who signs, and with what. */
export interface TrustModel {
  /** `self`: this stack holds the roots; else the name of the peer stack that does. */
  readonly authority: "self" | { readonly stack: string };
  /** Keys of the clusters for which this stack's authority issues an intermediate. Empty when the authority is another stack. */
  readonly members: readonly string[];
  /** Names of the roots that everyone trusts, oldest first. At least one; more than one only while a root is being replaced. */
  readonly roots: readonly string[];
  /** The root, one of `roots`, that signs the intermediates. */
  readonly signer: string;
  /** Key algorithm of roots and intermediates. */
  readonly keyAlgorithm: KeyAlgorithm;
  /** Hours that a root is valid. */
  readonly rootValidityHours: number;
  /** Hours that an intermediate is valid. */
  readonly intermediateValidityHours: number;
  /** Hours before its end at which `up` reissues an intermediate. */
  readonly earlyRenewalHours: number;
  /** Raised by one, `up` reissues every intermediate. */
  readonly generation: number;
}

export type KeyAlgorithm = "ECDSA-P256" | "ECDSA-P384" | "RSA-2048" | "RSA-4096";

export interface PeeringModel {
  /** Raised by one, `up` issues a new reader token; the one before stays valid until the next raise. From 1. */
  readonly generation: number;
}

/** Where a chart comes from and what is added to its values. */
export interface ChartModel {
  /** Chart version, such as `1.31.4`. */
  readonly version: string;
  /** URL of the chart repository; not used when `charts` is set. */
  readonly repository: string;
  /** Folder that holds one folder a chart; wins over `repository`. */
  readonly charts?: string;
  /** Values merged over what the component sets, a record for each chart. */
  readonly values: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface IstioModel extends ChartModel {
  /** Registry and path of the images, such as `docker.io/istio`; undefined: the chart's. */
  readonly hub?: string;
  /** Tag of the images; undefined: the chart's. */
  readonly tag?: string;
}

export interface DockerModel {
  /** Name of the Docker network that all kind nodes and the client share. */
  readonly network: string;
  /** The network's CIDR; undefined: Docker chooses when it creates the network. */
  readonly subnet?: string;
}

export interface KindModel {
  /** Node image of every kind cluster, with its digest where it has one. */
  readonly image: string;
  /** Merged over the generated kind configuration, objects by key and lists whole. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface ClientModel {
  /** Whether a client container stands on the Docker network. */
  readonly enabled: boolean;
  /** Its container's name, `mypc` by default. */
  readonly name: string;
  readonly image: string;
}

export interface DemoModel {
  /** Whether the demo workloads are deployed. */
  readonly enabled: boolean;
  /** Image of the demo server, which speaks fake-service's environment contract. */
  readonly image: string;
  /** Key of the cluster where `webapp` runs; undefined: the first owned cluster. */
  readonly webapp?: string;
  /** Key of the cluster where `catalog` runs; undefined: the cluster after webapp's. */
  readonly catalog?: string;
}
