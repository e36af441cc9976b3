import * as pulumi from "@pulumi/pulumi";
import {
  Client,
  Cluster,
  DockerNetwork,
  EastWestGateway,
  Failover,
  IstioPrimary,
  MeshPeering,
  MetalLB,
  NodeImages,
  Observability,
  observedGateway,
  observedIstiod,
  PluginCA,
  type ChartSource,
  type ClusterArgs,
  type IstioPrimaryArgs,
  type PeeringMember,
} from "./components";
import { exposureValues } from "./components/charts/istio-values";
import { Demo } from "./demo/demo";
import { merge } from "./lib/merge";
import { exitOnBrokenPipe } from "./program/broken-pipe";
import { keepSecretsOutOfDebugLog } from "./program/debug-log";
import { suitableSubnet } from "./program/docker-subnet";
import { meshExports, type Exports, type OwnCluster } from "./program/exports";
import { prepare, type Preparation } from "./program/preparation";
import { refusing } from "./lib/refusal";
import type { ChartModel, ClusterModel, MeshModel } from "./settings/model";
import { gatewayAddresses, loadBalancerRanges } from "./topology/addresses";
import { componentNames } from "./topology/names";
import { existingGenerations } from "./trust/token-rotation";

exitOnBrokenPipe();
keepSecretsOutOfDebugLog();

/** The program: from settings to a mesh. Here, and nowhere else, settings become the arguments of components. */
async function program(): Promise<Exports> {
  const preparation = await prepare();
  const { model, others, authority } = preparation;
  const { client, docker, mesh, peering } = model;

  const ca = authority ? undefined : new PluginCA(componentNames.trust, { meshId: mesh, ...model.trust, protectSigner: true });
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
    ...others.map((other) => ({ key: other.key, clusterName: other.clusterName, network: other.network, access: pulumi.secret(other.access) })),
  ];
  const { pairs } = new MeshPeering(componentNames.peering, { meshId: mesh, generation: peering.generation, members });
  return meshExports(model, { own, others, pairs, ...(ca ? { ca } : {}), ...(authority ? { authority } : {}) });
}

/** A cluster with everything in it. What is in it has its provider, and is deleted with it. */
function createMember(
  member: ClusterModel,
  preparation: Preparation,
  network: DockerNetwork | undefined,
  cacerts: IstioPrimaryArgs["cacerts"],
): OwnCluster {
  const { key, clusterName } = member;
  const { model, kubeconfigs, gateways, adopted } = preparation;
  const { istio, metallb, demo, profile, failover, ingress, eastWest: exposed, observability } = model;
  const { base = {}, istiod = {}, gateway = {}, ingress: ingressOnly = {}, eastWest: eastWestOnly = {} } = istio.values;
  const bothGateways = observability.enabled ? merge(observedGateway(), gateway) : gateway;
  const cluster = new Cluster(componentNames.cluster(key), clusterArgs(member, model, network, kubeconfigs[key]));
  const { kubeconfig, options } = cluster;

  const addresses = member.metallb
    ? new MetalLB(
        componentNames.metallb(key),
        {
          addresses: pulumi.output(cluster.subnet).apply((subnet) => refusing(() => loadBalancerRanges(member, subnet))),
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
      values: { base, istiod: observability.enabled ? observedIstiod(key, istiod) : istiod, gateway: merge(bothGateways, ingressOnly) },
      ingress,
      ...(istio.hub === undefined ? {} : { hub: istio.hub }),
      ...(istio.tag === undefined ? {} : { tag: istio.tag }),
      ...(addresses ? { ingressAddress: addresses.ingress } : {}),
      readerGenerations: existingGenerations(model.peering.generation),
      adopted: adopted.includes(key),
    },
    options,
  );
  const needsIstiod = { ...options, dependsOn: primary.istiod };
  const eastWest = new EastWestGateway(
    componentNames.eastWest(key),
    {
      ...shared,
      namespace: primary.namespace,
      values: merge(exposureValues(exposed), bothGateways, eastWestOnly),
      hosts: exposed.hosts,
      ...(addresses ? { address: addresses.eastWest } : {}),
    },
    needsIstiod,
  );
  if (failover.enabled) {
    const { enabled: _enabled, ...numbers } = failover;
    new Failover(componentNames.failover(key), { ...numbers, namespace: primary.namespace, kubeconfig }, needsIstiod);
  }
  if (observability.enabled) observe(member, preparation, cluster, primary);
  if (demo.enabled) {
    const { trustDomain } = model;
    const args = { key, trustDomain, clusterName, image: demo.image, webapp: demo.webapp === key, catalog: demo.catalog === key, kubeconfig };
    new Demo(`${componentNames.demo}-${key}`, args, needsIstiod);
  }
  return { member, cluster, primary, eastWest };
}

/** Prometheus and Jaeger of a cluster, which know those of the mesh's other clusters that have them. */
function observe({ key, driver }: ClusterModel, { model, others }: Preparation, { kubeconfig, options, uid }: Cluster, { istiod }: IstioPrimary): void {
  const { enabled: _enabled, images, ...numbers } = model.observability;
  const own = model.clusters.filter((cluster) => cluster.key !== key);
  const peers = [...own, ...others.filter(({ observed }) => observed)].map((cluster) => cluster.key);
  const { prometheus, jaeger, load } = images;
  const given =
    load && driver.type === "kind"
      ? [new NodeImages(componentNames.nodeImages(key), { kindName: driver.kindName, uid, images: [prometheus, jaeger] }, options).loaded]
      : [];
  const { trustDomain } = model;
  new Observability(
    componentNames.observability(key),
    { key, peers, trustDomain, images: { prometheus, jaeger }, ...numbers, kubeconfig },
    { ...options, dependsOn: [istiod, ...given] },
  );
}

function clusterArgs({ key, driver, region, zone }: ClusterModel, { kind, clusters }: MeshModel, network?: DockerNetwork, kubeconfig?: string): ClusterArgs {
  if (driver.type === "kind") {
    if (!network) throw new Error(`cluster ${key}: a kind cluster needs the Docker network`);
    const { kindName, podSubnet, serviceSubnet } = driver;
    const dockerSubnet = network.subnet.apply((subnet) => suitableSubnet(clusters, subnet));
    return { kind: { kindName, podSubnet, serviceSubnet, ...kind, region, zone, dockerNetwork: network.name, dockerSubnet } };
  }
  if (kubeconfig === undefined) throw new Error(`cluster ${key}: an existing cluster needs its kubeconfig`);
  return { existing: { kubeconfig, ...(driver.apiServer === undefined ? {} : { apiServer: driver.apiServer }) } };
}

function chartSource({ version, repository, charts }: ChartModel): ChartSource {
  return { version, repository, ...(charts === undefined ? {} : { folder: charts }) };
}

function ownMember({ member, cluster, primary }: OwnCluster): PeeringMember {
  const { key, clusterName, network } = member;
  const access = pulumi
    .all([cluster.apiServer, primary.credentials])
    .apply(([apiServer, credentials]) => ({ clusterName, apiServer, ...credentials }));
  return { key, clusterName, network, access, own: { namespace: primary.namespace, options: cluster.options } };
}

export = program;
