import type { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { gatewayAddresses } from "../topology/addresses";
import type { DiscoveryPeer, Way } from "../topology/discovery";
import { defaultClusterName, defaultNetwork } from "../topology/names";
import type { RemoteAccess } from "../topology/pairs";
import type { ChartSource } from "./charts/chart-release";
import type { Profile } from "./charts/istio-values";
import { Cluster, type Kubeconfig } from "./cluster";
import { DiscoveryCA } from "./discovery-ca";
import { DiscoveryProxy } from "./discovery-proxy";
import { EastWestGateway } from "./east-west-gateway";
import { Failover, type FailoverOptions } from "./failover";
import { IstioPrimary } from "./istio-primary";
import type { IstioChartValues } from "./istio-primary-args";
import { MeshPeering, type PeeringMember } from "./mesh-peering";
import { MetalLB, type MetalLBArgs } from "./metallb";
import { MutualTls } from "./mutual-tls";
import { PluginCA, type PluginCAArgs } from "./plugin-ca";

/** A cluster of a mesh. It exists; the mesh neither creates nor deletes it. */
export interface MeshClusterArgs {
  /** The administrator's kubeconfig, with one context and inline certificates: its text, or an object. Secret, and not recorded in the state. */
  readonly kubeconfig: pulumi.Input<Kubeconfig>;
  /** `https://host:port` at which the other clusters' istiod reaches the API server. Default: the kubeconfig's server. */
  readonly apiServer?: pulumi.Input<string>;
  /** How the other clusters read it. Default: that of the mesh. */
  readonly through?: Way;
  /** Istio's name for the cluster, distinct in the mesh. Default: the cluster's key and `-cluster`. */
  readonly clusterName?: string;
  /** Istio's name for the cluster's network, distinct in the mesh. Default: the cluster's key and `-network`. */
  readonly network?: string;
  /** Whether the namespace istio-system was there before, and stays when the mesh is deleted. Default: false. */
  readonly adopted?: boolean;
  /**
   * Ranges of addresses, as `first-last` or CIDR, from which MetalLB gives the gateways theirs: the first to the ingress gateway, the
   * second to the east-west gateway. Default: no MetalLB, because the cluster has load balancers of its own.
   */
  readonly addresses?: pulumi.Input<pulumi.Input<string>[]>;
}

export interface MeshArgs {
  /** Mesh id. */
  readonly meshId: pulumi.Input<string>;
  /** The clusters by key. A key is part of the names of the resources. */
  readonly clusters: Readonly<Record<string, MeshClusterArgs>>;
  /** How clusters read each other: `gateway`, without any Secret, or `apiServer`. Default: `gateway`. */
  readonly through?: Way;
  /** SPIFFE trust domain. Default: `cluster.local`. */
  readonly trustDomain?: pulumi.Input<string>;
  /** `demo`: one replica of everything, and each request is logged; `production`: two replicas, and none is logged. Default: `demo`. */
  readonly profile?: Profile;
  /** Where the charts `base`, `istiod` and `gateway` come from. */
  readonly istioCharts: ChartSource;
  /** Extra values of Istio's charts in every cluster. Never a secret. Default: none. */
  readonly istioValues?: IstioChartValues;
  /** Where the chart `metallb` comes from. Required when a cluster has `addresses`. */
  readonly metallbCharts?: ChartSource;
  /** Extra values of MetalLB's chart in every cluster. Never a secret. Default: none. */
  readonly metallbValues?: Readonly<Record<string, unknown>>;
  /** Services that the other networks can reach, by name or as `*.domain`. Default: `["*.local"]`, all of every cluster. */
  readonly eastWestHosts?: readonly string[];
  /** Roots, rotation and lifetimes of the certificates. Default: those of {@link PluginCAArgs}. */
  readonly trust?: Omit<PluginCAArgs, "meshId" | "members" | "requests">;
  /** What happens to requests when a service fails; `false`: nothing, they are spread over all clusters. Default: that of {@link FailoverOptions}. */
  readonly failover?: FailoverOptions | false;
  /** Whether workloads accept only mutual TLS, or plain text too. Default: `strict`. */
  readonly mutualTls?: "strict" | "permissive";
}

/** What a mesh gives of each cluster. */
export interface MeshClusterOutputs {
  /** The cluster's provider, for what else is to be created there. */
  readonly provider: Provider;
  /** Address of the ingress gateway: an IP address or a host name. */
  readonly ingressAddress: pulumi.Output<string>;
  /** Where the other networks reach the cluster's services: an IP address or a host name. */
  readonly eastWestAddress: pulumi.Output<string>;
}

/** A whole mesh over clusters that exist: the other components, composed. */
export class Mesh extends pulumi.ComponentResource {
  /** By the clusters' keys. */
  readonly clusters: Readonly<Record<string, MeshClusterOutputs>>;
  /** PEM of every trusted root, oldest first. */
  readonly rootCertificates: pulumi.Output<string>;
  /** Wired pairs as `from->to`: istiod of `from` reads `to`. */
  readonly pairs: pulumi.Output<string[]>;

  constructor(name: string, args: MeshArgs, opts?: pulumi.ComponentResourceOptions) {
    const { meshId, trustDomain, profile, trust, through = "gateway" } = args;
    const recorded = Object.fromEntries(Object.entries(args.clusters).map(([key, { kubeconfig: _secret, ...cluster }]): [string, object] => [key, cluster]));
    const { failover, mutualTls, eastWestHosts } = args;
    super("usmesh:index:Mesh", name, { meshId, trustDomain, profile, through, failover, mutualTls, eastWestHosts, clusters: recorded }, opts);

    const authority = new PluginCA(`${name}-trust`, { ...trust, meshId, members: Object.keys(args.clusters) }, { parent: this });
    const members = Object.entries(args.clusters).map(([key, cluster]) => this.member(name, { ...cluster, key }, args, authority));
    this.clusters = Object.fromEntries(members.map(({ key, outputs }) => [key, outputs]));
    this.rootCertificates = authority.rootCertificates;
    this.pairs = new MeshPeering(`${name}-peering`, { meshId, members: members.map(({ peering }) => peering) }, { parent: this }).pairs;
    this.registerOutputs({ rootCertificates: this.rootCertificates, pairs: this.pairs });
  }

  /** Creates everything in one cluster. */
  private member(name: string, cluster: MeshClusterArgs & { key: string }, args: MeshArgs, authority: PluginCA): { key: string; outputs: MeshClusterOutputs; peering: PeeringMember } {
    const { meshId, trustDomain, profile, istioCharts: charts, istioValues: values = {}, failover = {}, mutualTls = "strict", eastWestHosts: hosts } = args;
    const { key, apiServer, adopted, through = args.through ?? "gateway" } = cluster;
    const { clusterName = defaultClusterName(key), network = defaultNetwork(key) } = cluster;
    const cacerts = authority.intermediates[key]!;
    const metallb = metallbOf(name, cluster, args);

    const { provider, kubeconfig, apiServer: server } = new Cluster(`${name}-${key}`, { existing: { kubeconfig: cluster.kubeconfig, apiServer } }, { parent: this });
    const options = { parent: this, provider };
    const given = metallb && new MetalLB(`${name}-${key}-metallb`, { ...metallb, kubeconfig }, options).addresses.apply((ranges) => gatewayAddresses(ranges));
    const shared = { network, profile, charts, kubeconfig };
    const primary = new IstioPrimary(
      `${name}-${key}-istio`,
      { ...shared, meshId, clusterName, trustDomain, cacerts, values, adopted, ingressAddress: given?.ingress, readerGenerations: through === "gateway" ? [] : [1] },
      options,
    );
    const needsIstiod = { ...options, dependsOn: primary.istiod };
    const eastWest = new EastWestGateway(
      `${name}-${key}-eastwest`,
      { ...shared, namespace: primary.namespace, hosts, values: values.gateway, address: given?.eastWest },
      needsIstiod,
    );
    new MutualTls(`${name}-${key}-mtls`, { namespace: primary.namespace, mode: mutualTls, kubeconfig }, needsIstiod);
    if (failover) new Failover(`${name}-${key}-failover`, { ...failover, namespace: primary.namespace, kubeconfig }, needsIstiod);
    const installed = { clusterName, server, kubeconfig, primary, eastWest, options };
    const accessFor = through === "gateway" ? this.throughGateway(`${name}-${key}-discovery`, key, args, installed) : atApiServer(installed);
    return {
      key,
      outputs: { provider, ingressAddress: primary.ingressAddress!, eastWestAddress: eastWest.address },
      peering: { key, clusterName, network, accessFor, own: { namespace: primary.namespace, options: { provider } } },
    };
  }

  /** Lets the others read a cluster through its gateway. */
  private throughGateway(name: string, key: string, args: MeshArgs, { clusterName, kubeconfig, primary, eastWest, options }: Installed): AccessFor {
    const { meshId, profile, clusters } = args;
    const peer = (other: string): DiscoveryPeer => ({ kind: "cluster", name: other });
    const ca = new DiscoveryCA(`${name}-trust`, { meshId, clusterKey: key }, { parent: this });
    const proxy = new DiscoveryProxy(
      name,
      {
        clusterKey: key,
        gatewayAddress: eastWest.address,
        namespace: primary.namespace,
        istiod: primary.istiod,
        profile,
        ca,
        peers: Object.keys(clusters).filter((other) => other !== key).map(peer),
        kubeconfig,
      },
      options,
    );
    return (reader) => proxy.accessFor(peer(reader)).apply((access) => ({ clusterName, ...access }));
  }
}

/** What MetalLB takes in a cluster; undefined where the cluster has load balancers of its own. @throws Error when its chart is missing */
function metallbOf(name: string, { key, addresses }: MeshClusterArgs & { key: string }, { metallbCharts: charts, metallbValues: values }: MeshArgs): Omit<MetalLBArgs, "kubeconfig"> | undefined {
  if (addresses === undefined) return undefined;
  if (charts === undefined) throw new Error(`${name}: cluster ${key} has addresses, so set metallbCharts`);
  return { addresses, charts, values };
}

/** Lets the others read a cluster at its API server, with its first reader token. */
function atApiServer({ clusterName, server, primary: { credentials } }: Installed): AccessFor {
  return () => pulumi.all([server, credentials!]).apply(([apiServer, reader]) => ({ clusterName, apiServer, ...reader }));
}

/** What is in a cluster before it can be read. */
interface Installed {
  readonly clusterName: string;
  readonly server: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly primary: IstioPrimary;
  readonly eastWest: EastWestGateway;
  readonly options: pulumi.ComponentResourceOptions;
}

/** What each other cluster, by its key, reads a cluster with. */
type AccessFor = (reader: string) => pulumi.Input<RemoteAccess>;
