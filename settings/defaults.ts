import { defaultSubnets, MAX_DEFAULT_INDEX } from "../topology/addresses";
import { defaultClusterName, defaultNetwork, defaultRegion } from "../topology/names";
import { withNewTokens } from "../trust/token-rotation";
import { dnsLabel } from "./formats";
import { completeClusterIstio } from "./istio";
import type { ClusterModel, DemoModel, ExistingDriver, IstioModel, KindDriver, KubeconfigSource, MeshModel, TrustModel } from "./model";
import type { ClusterSettings, Settings } from "./schema";

/**
 * The model that settings describe, with every default that depends on other settings. It checks nothing: settings that contradict
 * each other give a model that does, and the checks say so.
 */
export function complete(settings: Settings, stack: string, project: string): MeshModel {
  const alone = Object.keys(settings.clusters).length === 1;
  const istio: IstioModel = { ...omitUndefined(settings.istio), digests: definedOf(settings.istio.digests) };
  const clusters = Object.entries(settings.clusters)
    .map(([key, cluster]) => completeCluster(key, cluster, { alone, through: settings.peering.through, istio }))
    .sort(byAddressIndex);
  const { mesh, trustDomain, profile, peers, peering, kind, docker, metallb, failover, observability, mtls, client, outputs, ingress, eastWest } = settings;
  return {
    mesh,
    trustDomain,
    profile,
    clusters,
    peers,
    trust: completeTrust(settings, clusters.map((cluster) => cluster.key), stack, project),
    peering: { ...peering, ...withNewTokens(peering) },
    failover,
    mtls,
    istio,
    ingress,
    eastWest: omitUndefined(eastWest),
    metallb: { ...omitUndefined({ ...metallb, digest: undefined }), values: { metallb: metallb.values }, digests: definedOf({ metallb: metallb.digest }) },
    docker: omitUndefined(docker),
    kind,
    observability: {
      ...observability,
      samplingPercent: observability.samplingPercent ?? (profile === "demo" ? 100 : 1),
      kiali: { ...omitUndefined({ ...observability.kiali, digest: undefined }), values: { "kiali-server": observability.kiali.values }, digests: definedOf({ "kiali-server": observability.kiali.digest }) },
    },
    // The client sends requests to the demo, from the Docker network that kind clusters are on.
    client: { ...client, enabled: client.enabled ?? (settings.demo && clusters.some((cluster) => cluster.driver.type === "kind")) },
    demo: completeDemo(settings, clusters),
    outputs: { kubeconfigs: outputs.kubeconfigs ?? profile === "demo" },
  };
}

/** Kind clusters by address index, then the others by key: the engine passes records on without their order. */
function byAddressIndex(a: ClusterModel, b: ClusterModel): number {
  const rank = (cluster: ClusterModel) => cluster.addressIndex || Infinity;
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  return a.key < b.key ? -1 : 1;
}

/**
 * The address index of a cluster that does not set its own: the walk-through's for west and east, 1 for the only cluster of a
 * stack. Any other cluster must set it: if indices were counted, a cluster that joins would change another's, and so replace it.
 */
export function defaultAddressIndex(key: string, alone: boolean): number | undefined {
  const walkThrough: Readonly<Record<string, number>> = { west: 1, east: 2 };
  if (Object.hasOwn(walkThrough, key)) return walkThrough[key];
  return alone ? 1 : undefined;
}

/** What a cluster has from its stack. */
interface StackDefaults {
  /** Whether it is the stack's only cluster. */
  readonly alone: boolean;
  readonly through: Settings["peering"]["through"];
  readonly istio: IstioModel;
}

function completeCluster(key: string, cluster: ClusterSettings, { alone, through, istio }: StackDefaults): ClusterModel {
  const addressIndex = cluster.driver === "existing" ? 0 : (cluster.addressIndex ?? defaultAddressIndex(key, alone) ?? 0);
  return {
    key,
    clusterName: cluster.clusterName ?? defaultClusterName(key),
    network: cluster.network ?? defaultNetwork(key),
    region: cluster.region ?? defaultRegion(key),
    zone: cluster.zone,
    driver: cluster.driver === "kind" ? kindDriver(key, cluster, addressIndex) : existingDriver(cluster),
    metallb: cluster.metallb ?? cluster.driver === "kind",
    through: cluster.through ?? through,
    ...(cluster.addresses === undefined ? {} : { addresses: cluster.addresses }),
    addressIndex,
    istio: completeClusterIstio(istio, cluster.istio),
  };
}

function kindDriver(key: string, cluster: ClusterSettings, addressIndex: number): KindDriver {
  const plan = defaultSubnets(Math.min(Math.max(addressIndex, 1), MAX_DEFAULT_INDEX));
  return {
    type: "kind",
    kindName: cluster.kindName ?? key,
    podSubnet: cluster.podSubnet ?? plan.podSubnet,
    serviceSubnet: cluster.serviceSubnet ?? plan.serviceSubnet,
    nodes: cluster.nodes ?? 1,
  };
}

function existingDriver(cluster: ClusterSettings): ExistingDriver {
  return {
    type: "existing",
    kubeconfig: kubeconfigSource(cluster),
    ...(cluster.context === undefined ? {} : { context: cluster.context }),
    adopt: cluster.adopt ?? false,
    ...(cluster.apiServer === undefined ? {} : { apiServer: cluster.apiServer.replace(/\/$/, "") }),
  };
}

/** Which of the three it is when more than one is set does not matter: the checks refuse that. */
function kubeconfigSource({ kubeconfig, stack, output = "kubeconfig" }: ClusterSettings): KubeconfigSource {
  if (kubeconfig !== undefined) return { from: "file", file: kubeconfig };
  return stack === undefined ? { from: "secret" } : { from: "stack", stack, output };
}

function completeTrust(settings: Settings, keys: readonly string[], stack: string, project: string): TrustModel {
  const { trust, peers } = settings;
  // A stack may name itself, so that the setting can be the same in all stacks.
  const own = trust.authority === "self" || sameStack(trust.authority, stack, project);
  const signedByDefault = () => [...new Set([...keys, ...peers.flatMap((peer) => clusterNamedLike(peer, project))])];
  return {
    ...trust,
    authority: own ? "self" : { stack: peers.find((peer) => sameStack(peer, trust.authority, project)) ?? trust.authority },
    members: own ? (trust.members ?? signedByDefault()) : [],
    signer: trust.signer ?? trust.roots[0] ?? "",
  };
}

/** Whether two names, each alone or with organization and project, mean the same stack. */
export function sameStack(a: string, b: string, project: string): boolean {
  return shortStackName(a, project) === shortStackName(b, project);
}

/** The cluster that a peer owns unless the settings say otherwise: the one with the stack's name, if that can be a key. */
function clusterNamedLike(peer: string, project: string): string[] {
  const key = shortStackName(peer, project);
  return dnsLabel()(key) === undefined ? [key] : [];
}

/** The name of a stack of this project alone; that of another project as it is. */
export function shortStackName(name: string, project: string): string {
  const [, middle, last] = name.split("/");
  return last !== undefined && middle === project ? last : name;
}

function completeDemo(settings: Settings, clusters: readonly ClusterModel[]): DemoModel {
  const keys = clusters.map((cluster) => cluster.key);
  const webapp = settings.demoClusters.webapp ?? keys.find((key) => key !== settings.demoClusters.catalog);
  // The cluster after webapp's; after the last one comes the first.
  const after = webapp === undefined ? -1 : keys.indexOf(webapp);
  const catalog = settings.demoClusters.catalog ?? [...keys.slice(after + 1), ...keys].find((key) => key !== webapp);
  return {
    enabled: settings.demo,
    image: settings.images.demo,
    ...(webapp === undefined ? {} : { webapp }),
    ...(catalog === undefined ? {} : { catalog }),
  };
}

function definedOf<T>(record: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return omitUndefined(record) as Record<string, T>;
}

function omitUndefined<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}
