import * as pulumi from "@pulumi/pulumi";
import {
  Client,
  Cluster,
  DiscoveryCA,
  DiscoveryProxy,
  DockerNetwork,
  EastWestGateway,
  IstioPrimary,
  MeshPeering,
  MetalLB,
  PluginCA,
  type ChartSource,
  type ClusterArgs,
  type IstioPrimaryArgs,
  type PeeringMember,
} from "./components";
import { Demo } from "./demo/demo";
import { exitOnBrokenPipe } from "./program/broken-pipe";
import { keepSecretsOutOfDebugLog } from "./program/debug-log";
import { discoveryPeers } from "./program/discovery";
import { meshExports, type Exports, type OwnCluster } from "./program/exports";
import { prepare, type Preparation } from "./program/preparation";
import type { ChartModel, ClusterModel, MeshModel } from "./settings/model";
import { gatewayAddresses, loadBalancerRanges } from "./topology/addresses";
import { componentNames } from "./topology/names";
import type { RemoteAccess } from "./topology/pairs";
import { existingGenerations } from "./trust/token-rotation";

exitOnBrokenPipe();
keepSecretsOutOfDebugLog();

/** The program: from settings to a mesh. Here, and nowhere else, settings become the arguments of components. */
async function program(): Promise<Exports> {
  const preparation = await prepare();
  const { model, others, authority } = preparation;
  const { client, docker, mesh, peering } = model;

  const ca = authority ? undefined : new PluginCA(componentNames.trust, { meshId: mesh, ...model.trust });
  const onDocker = client.enabled || model.clusters.some(({ driver }) => driver.type === "kind");
  const network = onDocker ? new DockerNetwork(componentNames.network, docker) : undefined;
  if (network && client.enabled) new Client(componentNames.client, { containerName: client.name, image: client.image, network: network.name });

  const own = model.clusters.map((member): OwnCluster => {
    const cacerts = (authority ?? ca)?.intermediates[member.key];
    if (!cacerts) throw new Error(`no authority signs for cluster ${member.key}`);
    return createMember(member, preparation, network, cacerts);
  });

  const members = [
    ...own.map(ownMember),
    ...others.map((other) => ({ key: other.key, clusterName: other.clusterName, network: other.network, accessFor: () => pulumi.secret(other.access) })),
  ];
  const { pairs } = new MeshPeering(componentNames.peering, { meshId: mesh, generation: peering.generation, members });
  return meshExports(model, { own, others, pairs, ...(ca ? { ca } : {}), ...(authority ? { authority } : {}) });
}

/** A cluster with everything in it. What is in it has its provider, and is deleted with it. */
function createMember(
  member: ClusterModel,
  { model, kubeconfigs, gateways, ways }: Preparation,
  network: DockerNetwork | undefined,
  cacerts: IstioPrimaryArgs["cacerts"],
): OwnCluster {
  const { key, clusterName } = member;
  const { istio, metallb, demo, profile } = model;
  const generations = existingGenerations(model.peering.generation);
  const cluster = new Cluster(componentNames.cluster(key), clusterArgs(member, model, network, kubeconfigs[key]));
  const { kubeconfig, options } = cluster;

  const addresses = member.metallb
    ? new MetalLB(
        componentNames.metallb(key),
        {
          addresses: pulumi.output(cluster.subnet).apply((subnet) => loadBalancerRanges(member, subnet)),
          charts: chartSource(metallb),
          values: metallb.values["metallb"] ?? {},
          kubeconfig,
        },
        options,
      ).addresses.apply((ranges) => gatewayAddresses(ranges, gateways[key]))
    : undefined;

  const shared = { network: member.network, profile, charts: chartSource(istio), kubeconfig };
  const primary = new IstioPrimary(
    componentNames.istio(key),
    {
      ...shared,
      meshId: model.mesh,
      clusterName,
      trustDomain: model.trustDomain,
      cacerts,
      values: istio.values,
      ...(istio.hub === undefined ? {} : { hub: istio.hub }),
      ...(istio.tag === undefined ? {} : { tag: istio.tag }),
      ...(addresses ? { ingressAddress: addresses.ingress } : {}),
      readerGenerations: ways[key]?.apiServer ? generations : [],
    },
    options,
  );
  const needsIstiod = { ...options, dependsOn: primary.istiod };
  const eastWest = new EastWestGateway(
    componentNames.eastWest(key),
    { ...shared, namespace: primary.namespace, values: istio.values["gateway"] ?? {}, ...(addresses ? { address: addresses.eastWest } : {}) },
    needsIstiod,
  );
  const discovery = ways[key]?.gateway ? createDiscovery(member, model, { primary, eastWest, kubeconfig, generations, options }) : undefined;
  if (demo.enabled) {
    const args = { clusterName, image: demo.image, webapp: demo.webapp === key, catalog: demo.catalog === key, kubeconfig };
    new Demo(`${componentNames.demo}-${key}`, args, needsIstiod);
  }
  return { member, cluster, primary, eastWest, discovery };
}

/** What peers read a cluster through. Its authority is not in the cluster, and outlives it. */
function createDiscovery(
  { key: clusterKey }: ClusterModel,
  model: MeshModel,
  { primary, eastWest, kubeconfig, generations, options }: Pick<OwnCluster, "primary" | "eastWest"> & {
    readonly kubeconfig: pulumi.Output<string>;
    readonly generations: readonly number[];
    readonly options: pulumi.ComponentResourceOptions;
  },
): DiscoveryProxy {
  const { keyAlgorithm, rootValidityHours, intermediateValidityHours, earlyRenewalHours } = model.trust;
  const ca = new DiscoveryCA(componentNames.discoveryTrust(clusterKey), {
    meshId: model.mesh,
    clusterKey,
    generations,
    keyAlgorithm,
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
      profile: model.profile,
      peers: discoveryPeers(model, clusterKey),
      kubeconfig,
    },
    options,
  );
}

function clusterArgs({ key, driver, region, zone }: ClusterModel, { kind }: MeshModel, network?: DockerNetwork, kubeconfig?: string): ClusterArgs {
  if (driver.type === "kind") {
    if (!network) throw new Error(`cluster ${key}: a kind cluster needs the Docker network`);
    const { kindName, podSubnet, serviceSubnet } = driver;
    return { kind: { kindName, podSubnet, serviceSubnet, ...kind, region, zone, dockerNetwork: network.name, dockerSubnet: network.subnet } };
  }
  if (kubeconfig === undefined) throw new Error(`cluster ${key}: an existing cluster needs its kubeconfig`);
  return { existing: { kubeconfig, ...(driver.apiServer === undefined ? {} : { apiServer: driver.apiServer }) } };
}

function chartSource({ version, repository, charts }: ChartModel): ChartSource {
  return { version, repository, ...(charts === undefined ? {} : { folder: charts }) };
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
