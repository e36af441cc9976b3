import * as pulumi from "@pulumi/pulumi";
import {
  Client,
  Cluster,
  DiscoveryCA,
  DiscoveryProxy,
  DockerNetwork,
  EastWestGateway,
  Failover,
  IntermediateKeys,
  IstioPrimary,
  Kiali,
  KialiAccess,
  MeshPeering,
  MetalLB,
  MutualTls,
  NodeImages,
  Observability,
  PluginCA,
  type IstioPrimaryArgs,
  type PeeringMember,
} from "./components";
import { Demo } from "./demo/demo";
import { installOf } from "./settings/istio";
import { exitOnBrokenPipe } from "./program/broken-pipe";
import { cacertsFor } from "./program/cacerts";
import { clusterArgs } from "./program/cluster-args";
import { keepSecretsOutOfDebugLog } from "./program/debug-log";
import { discoveryPeers } from "./program/discovery";
import { meshExports, type CreatedTrust, type Exports, type Observers, type OwnCluster } from "./program/exports";
import { chartSource, eastWestValues, installation } from "./program/istio";
import { kialiChart, kialiPeers } from "./program/kiali";
import { prepare, type Preparation } from "./program/preparation";
import { rememberStackFrames } from "./program/stack-frames";
import { refusing } from "./lib/refusal";
import type { ClusterModel, MeshModel } from "./settings/model";
import { gatewayAddresses, loadBalancerRanges } from "./topology/addresses";
import { componentNames } from "./topology/names";
import { DEFAULT_REVISION } from "./topology/revisions";
import { KIALI } from "./components/charts/kiali-values";
import type { RemoteAccess } from "./topology/pairs";
import { discoveryAlgorithms } from "./trust/discovery";
import { existingGenerations } from "./trust/token-rotation";

exitOnBrokenPipe();
keepSecretsOutOfDebugLog();
rememberStackFrames();

/** The program: from settings to a mesh. Here, and nowhere else, settings become the arguments of components. */
async function program(): Promise<Exports> {
  const preparation = await prepare();
  const { model, others } = preparation;
  const { client, docker, mesh, peering } = model;

  const trust = createTrust(preparation);
  const onDocker = client.enabled || model.clusters.some(({ driver }) => driver.type === "kind");
  const network = onDocker ? new DockerNetwork(componentNames.network, docker) : undefined;
  if (network && client.enabled) new Client(componentNames.client, { containerName: client.name, image: client.image, network: network.name });

  const own = model.clusters.flatMap((member): OwnCluster[] => {
    const cacerts = cacertsFor(member.key, trust);
    // It waits for its certificate: until then only its key is made.
    return cacerts === undefined ? [] : [createMember(member, preparation, network, cacerts)];
  });

  for (const item of own) showInKiali(item, own, preparation);
  const members = [
    ...own.map(ownMember),
    ...others.map((other) => ({ key: other.key, clusterName: other.clusterName, network: other.network, accessFor: () => pulumi.secret(other.access) })),
  ];
  const { pairs } = new MeshPeering(componentNames.peering, { meshId: mesh, generation: peering.generation, members });
  return meshExports(model, { own, others, pairs, trust });
}

/** The roots and the certificates of all members, or the keys of the stack's own clusters where another stack signs. */
function createTrust({ model, trust }: Preparation): CreatedTrust {
  const meshId = model.mesh;
  if ("other" in trust) return { ...trust.other, keys: new IntermediateKeys(componentNames.trust, { meshId, members: trust.other.signing.keys }) };
  const members = model.clusters.map(({ key }) => key);
  return { ...trust.self, ca: new PluginCA(componentNames.trust, { ...model.trust, meshId, members, protectSigner: true, ...trust.self }) };
}

/** A cluster with everything in it. What is in it has its provider, and is deleted with it. */
function createMember(
  member: ClusterModel,
  preparation: Preparation,
  network: DockerNetwork | undefined,
  cacerts: IstioPrimaryArgs["cacerts"],
): OwnCluster {
  const { key, clusterName, istio } = member;
  const { model, kubeconfigs, chartCredentials, gateways, ways, adopted, discovery: authorities } = preparation;
  const { metallb, demo, profile, failover, ingress, observability } = model;
  const generations = existingGenerations(model.peering);
  const cluster = new Cluster(componentNames.cluster(key), clusterArgs(member, model, network, kubeconfigs[key]));
  const { kubeconfig, options } = cluster;

  const addresses = member.metallb
    ? new MetalLB(
        componentNames.metallb(key),
        {
          addresses: pulumi.output(cluster.subnet).apply((subnet) => refusing(() => loadBalancerRanges(member, subnet))),
          charts: chartSource(metallb, chartCredentials.metallb),
          singleNode: member.driver.type === "kind" && member.driver.nodes === 1,
          values: metallb.values["metallb"] ?? {},
          kubeconfig,
        },
        options,
      ).addresses.apply((ranges) => gatewayAddresses(ranges, gateways[key]))
    : undefined;

  const shared = { network: member.network, profile, kubeconfig };
  const primary = new IstioPrimary(
    componentNames.istio(key),
    {
      ...shared,
      meshId: model.mesh,
      clusterName,
      trustDomain: model.trustDomain,
      cacerts,
      ...installation(key, istio, model, chartCredentials.istio),
      ...(istio.revision === DEFAULT_REVISION ? {} : { revision: istio.revision }),
      ...(istio.next ? { upgrade: { ...installation(key, istio.next, model, chartCredentials.istio), revision: istio.next.revision, step: istio.next.step } } : {}),
      ingress,
      ...(addresses ? { ingressAddress: addresses.ingress } : {}),
      readerGenerations: ways[key]?.apiServer ? generations : [],
      adopted: adopted.includes(key),
    },
    options,
  );
  const needsIstiod = { ...options, dependsOn: primary.istiod };
  const { eastWest: revision } = istio.placement;
  const served = installOf(istio, revision);
  const eastWest = new EastWestGateway(
    componentNames.eastWest(key),
    {
      ...shared,
      charts: chartSource(served, chartCredentials.istio),
      namespace: primary.namespace,
      values: eastWestValues(served, model),
      hosts: model.eastWest.hosts,
      ...(revision === DEFAULT_REVISION ? {} : { revision }),
      ...(addresses ? { address: addresses.eastWest } : {}),
    },
    { ...options, dependsOn: primary.istiodOf(revision) },
  );
  new MutualTls(componentNames.mutualTls(key), { namespace: primary.namespace, mode: model.mtls, kubeconfig }, needsIstiod);
  if (failover.enabled) {
    const { enabled: _enabled, ...numbers } = failover;
    new Failover(componentNames.failover(key), { ...numbers, namespace: primary.namespace, kubeconfig }, needsIstiod);
  }
  const discovery = ways[key]?.gateway ? createDiscovery(member, model, { primary, eastWest, kubeconfig, generations, existing: authorities[key] ?? {}, options }) : undefined;
  const observers = observability.enabled ? observe(member, preparation, cluster, primary) : undefined;
  if (demo.enabled) {
    const { trustDomain } = model;
    const args = { key, trustDomain, clusterName, image: demo.image, webapp: demo.webapp === key, catalog: demo.catalog === key, kubeconfig };
    new Demo(`${componentNames.demo}-${key}`, args, needsIstiod);
  }
  return { member, cluster, primary, eastWest, discovery, observers };
}

/** What peers read a cluster through. Its authority is not in the cluster, and outlives it. */
function createDiscovery(
  { key: clusterKey }: ClusterModel,
  model: MeshModel,
  { primary, eastWest, kubeconfig, generations, existing, options }: Pick<OwnCluster, "primary" | "eastWest"> & {
    readonly kubeconfig: pulumi.Output<string>;
    readonly generations: readonly number[];
    readonly existing: Preparation["discovery"][string];
    readonly options: pulumi.ComponentResourceOptions;
  },
): DiscoveryProxy {
  const { keyAlgorithm, rootValidityHours, intermediateValidityHours, earlyRenewalHours } = model.trust;
  const ca = new DiscoveryCA(componentNames.discoveryTrust(clusterKey), {
    meshId: model.mesh,
    clusterKey,
    generations,
    keyAlgorithm,
    keyAlgorithms: discoveryAlgorithms(generations, existing, keyAlgorithm),
    authorityValidityHours: rootValidityHours,
    validityHours: intermediateValidityHours,
    earlyRenewalHours,
  });
  return new DiscoveryProxy(
    componentNames.discovery(clusterKey),
    {
      clusterKey,
      ca,
      generations,
      gatewayAddress: eastWest.address,
      namespace: primary.namespace,
      istiod: primary.istiod,
      revision: primary.revision,
      profile: model.profile,
      peers: discoveryPeers(model, clusterKey),
      kubeconfig,
    },
    options,
  );
}

/** Prometheus and Jaeger of a cluster, which know those of the mesh's other clusters that have them, and what Kiali may read there. */
function observe({ key, driver }: ClusterModel, { model, others }: Preparation, { kubeconfig, options, uid }: Cluster, { istiod }: IstioPrimary): Observers {
  const { enabled: _enabled, images, kiali, ...numbers } = model.observability;
  const own = model.clusters.filter((cluster) => cluster.key !== key);
  const peers = [...own, ...others.filter(({ observed }) => observed)].map((cluster) => cluster.key);
  const { prometheus, jaeger, load } = images;
  const loaded = [prometheus, jaeger, ...(kiali.enabled && images.kiali ? [images.kiali] : [])];
  const given = load && driver.type === "kind" ? [new NodeImages(componentNames.nodeImages(key), { kindName: driver.kindName, uid, images: loaded }, options).loaded] : [];
  const { trustDomain } = model;
  const needs = [istiod, ...given];
  const observability = new Observability(
    componentNames.observability(key),
    { key, peers, trustDomain, images: { prometheus, jaeger }, ...numbers, ...(kiali.enabled ? { askers: [KIALI] } : {}), kubeconfig },
    { ...options, dependsOn: needs },
  );
  const { namespace } = observability;
  const kialiAccess = kiali.enabled ? new KialiAccess(componentNames.kialiAccess(key), { namespace, generations: existingGenerations(model.peering) }, options) : undefined;
  return { observability, kialiAccess, needs };
}

/** Kiali of a cluster, where it has one, with access to all other clusters that let a Kiali read them. */
function showInKiali({ member: { key, clusterName }, cluster, observers }: OwnCluster, own: readonly OwnCluster[], { model, others }: Preparation): void {
  if (!observers?.kialiAccess) return;
  const { kubeconfig, options } = cluster;
  new Kiali(
    componentNames.kiali(key),
    {
      key,
      clusterName,
      namespace: observers.observability.namespace,
      ...kialiChart(model.observability),
      peers: kialiPeers(key, own, others),
      kubeconfig,
    },
    { ...options, dependsOn: [observers.kialiAccess, ...observers.needs] },
  );
}

/** A cluster of this stack as a member. Its peers in the stack read it in the way that it wants, each with an account of its own. */
function ownMember({ member, cluster, primary, discovery }: OwnCluster): PeeringMember {
  const { key, clusterName, network, through } = member;
  const accessFor = (reader: string): pulumi.Output<RemoteAccess> => {
    if (through === "gateway" && discovery) return discovery.accessFor({ kind: "cluster", name: reader }).apply((access) => ({ clusterName, ...access }));
    if (!primary.credentials) throw new Error(`cluster ${key} has no reader token`);
    return pulumi.all([cluster.apiServer, primary.credentials]).apply(([apiServer, credentials]) => ({ clusterName, apiServer, ...credentials }));
  };
  return { key, clusterName, network, accessFor, own: { namespace: primary.namespace, options: cluster.options } };
}

export = program;
