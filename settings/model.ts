import type { Placement, Revision, UpgradeStep } from "../topology/revisions";
import type { ClusterSettings, Settings } from "./schema";

/**
 * The mesh as one stack sees it: its settings, checked and completed with defaults. Everything here is known before any cluster
 * exists; what only a running cluster can tell is an output of a component. Types come from the schema, which says what each setting
 * means; only what is derived from several settings is described here.
 */
export interface MeshModel extends Pick<ReadonlySettings, "mesh" | "trustDomain" | "profile" | "peers" | "failover" | "mtls" | "ingress" | "eastWest"> {
  /** The clusters that this stack owns and writes to, by address index and then by key. At least one. */
  readonly clusters: readonly ClusterModel[];
  readonly trust: TrustModel;
  readonly peering: PeeringModel;
  readonly istio: IstioModel;
  readonly metallb: ChartModel;
  readonly docker: DockerModel;
  readonly kind: KindModel;
  readonly observability: ObservabilityModel;
  readonly client: ClientModel;
  readonly demo: DemoModel;
  readonly outputs: OutputsModel;
}

/** A type whose values, at every depth, cannot be changed. */
type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

type ReadonlySettings = Immutable<Settings>;
type ReadonlyCluster = Immutable<ClusterSettings>;

export type Profile = Settings["profile"];
export type KeyAlgorithm = Settings["trust"]["keyAlgorithm"];
export type PeeringModel = ReadonlySettings["peering"];
export type DockerModel = ReadonlySettings["docker"];
export type KindModel = ReadonlySettings["kind"];
/** Kiali's chart is that of `kiali-server`. */
export interface ObservabilityModel extends Required<Omit<ReadonlySettings["observability"], "kiali">> {
  readonly kiali: ChartModel & Pick<ReadonlySettings["observability"]["kiali"], "enabled">;
}
export type OutputsModel = Required<ReadonlySettings["outputs"]>;
export type ClientModel = Required<ReadonlySettings["client"]>;

/**
 * One cluster of the mesh. Its `addresses` are undefined when they are derived from the Docker network's subnet by `addressIndex`;
 * its `addressIndex` is 0 when it has no slice of the address plan, because it already exists or sets every range itself.
 */
export interface ClusterModel
  extends Required<Pick<ReadonlyCluster, "clusterName" | "network" | "region" | "zone" | "metallb" | "addressIndex" | "through">>,
    Pick<ReadonlyCluster, "addresses"> {
  /** The cluster's key in the settings, such as `west`: part of every resource name. A DNS-1123 label. */
  readonly key: string;
  readonly driver: KindDriver | ExistingDriver;
  readonly istio: ClusterIstio;
}

/** A kind cluster that the stack creates and deletes. Its first node is the container `<kindName>-control-plane`. */
export interface KindDriver extends Required<Pick<ReadonlyCluster, "kindName" | "podSubnet" | "serviceSubnet" | "nodes">> {
  readonly type: "kind";
}

/** A cluster that already exists; the stack writes to it but never creates or deletes it. */
export interface ExistingDriver extends Required<Pick<ReadonlyCluster, "adopt">>, Pick<ReadonlyCluster, "apiServer" | "context"> {
  readonly type: "existing";
  readonly kubeconfig: KubeconfigSource;
}

/** Where a cluster's kubeconfig comes from. A secret one is not in the model, see `secrets.ts`. */
export type KubeconfigSource =
  | { readonly from: "file"; readonly file: string }
  | { readonly from: "stack"; readonly stack: string; readonly output: string }
  | { readonly from: "secret" };

/** Who signs, and with what. `members` is empty when the authority is another stack. */
export interface TrustModel extends Required<Omit<ReadonlySettings["trust"], "authority">> {
  /** `self`: this stack holds the roots; otherwise the name of the peer stack that does. */
  readonly authority: "self" | { readonly stack: string };
}

/** Where a chart comes from and what is added to its values. */
export interface ChartModel extends Omit<ReadonlySettings["metallb"], "values" | "digest"> {
  /** By chart: the digest that it has to have in the repository. */
  readonly digests: Readonly<Record<string, string>>;
  /** Values merged over what the component sets, a record for each chart. */
  readonly values: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface IstioModel extends ChartModel, Pick<ReadonlySettings["istio"], "hub" | "tag"> {}

/** An istiod, with the gateways that it serves and the charts of all of them. */
export interface IstioInstall extends IstioModel {
  readonly revision: Revision;
}

/** Istio in a cluster: what is installed, what takes over from it, and which of both serves what. */
export interface ClusterIstio extends IstioInstall {
  /** Undefined while there is no upgrade. */
  readonly next?: IstioInstall & { readonly step: UpgradeStep };
  readonly placement: Placement;
}

/** The demo workloads. `webapp` and `catalog` are keys of clusters; undefined when no cluster is left for one of them. */
export interface DemoModel extends Pick<ReadonlySettings["demoClusters"], "webapp" | "catalog"> {
  /** Whether the demo workloads are deployed. */
  readonly enabled: boolean;
  /** Image of the demo server. */
  readonly image: string;
}
