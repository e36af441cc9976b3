import * as pulumi from "@pulumi/pulumi";
import { Client } from "./components/client";
import { Cluster } from "./components/cluster";
import { keepSecretsOutOfDebugLog } from "./program/debug-log";
import { DockerNetwork } from "./components/docker-network";
import { EastWestGateway } from "./components/east-west-gateway";
import { IstioPrimary } from "./components/istio-primary";
import { MeshPeering, type PeeringMember } from "./components/mesh-peering";
import { MetalLB } from "./components/metallb";
import { PluginCA } from "./components/plugin-ca";
import { prepare } from "./program/preparation";
import { Demo } from "./demo/demo";
import type { ClusterModel, MeshModel } from "./settings/model";
import { componentNames } from "./topology/names";
import { OUTPUTS_VERSION, type ClusterOutputs, type MeshOutputs } from "./outputs/contract";

keepSecretsOutOfDebugLog();

/** The stack's outputs before their values are known. */
type Exports = { [Name in keyof Omit<MeshOutputs, "clusters">]: pulumi.Input<MeshOutputs[Name]> } & { clusters: Record<string, ClusterExports> };
type ClusterExports = { [Name in keyof Omit<ClusterOutputs, "versions">]: pulumi.Input<ClusterOutputs[Name]> } & {
  versions: pulumi.Input<{ [Name in keyof ClusterOutputs["versions"]]: pulumi.Input<ClusterOutputs["versions"][Name]> }>;
};

/** A cluster of this stack with what was made in it. */
interface OwnCluster {
  readonly member: ClusterModel;
  readonly cluster: Cluster;
  readonly primary: IstioPrimary;
  readonly eastWest: EastWestGateway;
}

/** The program: from settings to a mesh. */
async function program(): Promise<Exports> {
  const { model, kubeconfigs, others, gateways, authority } = await prepare();

  const ca = authority ? undefined : new PluginCA(componentNames.trust, model);
  const intermediates = authority?.intermediates ?? ca?.intermediates ?? {};
  const onDocker = model.client.enabled || model.clusters.some(({ driver }) => driver.type === "kind");
  const network = onDocker ? new DockerNetwork(componentNames.network, model) : undefined;
  if (network && model.client.enabled) new Client(componentNames.client, { ...model, network });

  const own = model.clusters.map((member): OwnCluster => {
    const { key } = member;
    const intermediate = intermediates[key];
    if (!intermediate) throw new Error(`nobody signs for cluster ${key}`);
    const cluster = new Cluster(componentNames.cluster(key), { cluster: member, kind: model.kind, network, kubeconfig: kubeconfigs[key] });
    const metallb = member.metallb ? new MetalLB(componentNames.metallb(key), { ...model, member, cluster, current: gateways[key] }) : undefined;
    const loadBalancing = metallb?.ready ?? [];
    const primary = new IstioPrimary(componentNames.istio(key), { model, member, cluster, intermediate, loadBalancing, wantedAddress: metallb?.gateways.ingress });
    const eastWest = new EastWestGateway(componentNames.eastWest(key), { model, member, cluster, primary, loadBalancing, wantedAddress: metallb?.gateways.eastWest });
    if (model.demo.enabled) new Demo(`${componentNames.demo}-${key}`, { ...model, member, cluster, primary });
    return { member, cluster, primary, eastWest };
  });

  const members = [...own.map(ownMember), ...others.map((other) => ({ ...other, access: pulumi.secret(other.access) }))];
  const { pairs } = new MeshPeering(componentNames.peering, { ...model, members });

  const reads = Object.fromEntries(others.flatMap(({ key, generation }) => (generation === undefined ? [] : [[key, generation]])));
  const byKey = <T>(value: (item: OwnCluster) => T) => Object.fromEntries(own.map((item) => [item.member.key, value(item)]));
  return {
    version: OUTPUTS_VERSION,
    mesh: { name: model.mesh, trustDomain: model.trustDomain },
    clusters: byKey((item) => clusterOutputs(model, item)),
    trust: ca ? ownTrust(model, ca) : authority?.trust,
    peering: { generation: model.peering.generation, reads },
    pairs,
    credentials: pulumi.secret(byKey(({ primary }) => primary.credentials)),
    intermediates: pulumi.secret(ca?.intermediates ?? {}),
    kubeconfigs: pulumi.secret(byKey(({ cluster }) => cluster.kubeconfig)),
  };
}

function clusterOutputs({ istio, metallb }: MeshModel, { member, cluster, primary, eastWest }: OwnCluster): ClusterExports {
  const { clusterName, network, region, zone, driver } = member;
  return {
    clusterName,
    network,
    region,
    zone,
    driver: driver.type,
    apiServer: cluster.apiServer,
    ingressAddress: primary.ingressAddress,
    eastWestAddress: eastWest.address,
    versions: {
      kubernetes: cluster.kubernetesVersion,
      istio: istio.version,
      ...(member.metallb ? { metallb: metallb.version } : {}),
    },
  };
}

function ownTrust({ trust }: MeshModel, ca: PluginCA): Exports["trust"] {
  const { roots, signer, generation } = trust;
  const { rootCertificates, rootExpiry } = ca;
  return pulumi.output({ authority: pulumi.getStack(), roots: [...roots], signer, rootCertificates, rootExpiry, generation });
}

function ownMember({ member, cluster, primary }: OwnCluster): PeeringMember {
  const { key, clusterName, network } = member;
  const access = pulumi
    .all([cluster.apiServer, primary.credentials])
    .apply(([apiServer, credentials]) => ({ clusterName, apiServer, ...credentials }));
  return { key, clusterName, network, access, own: { cluster, primary } };
}

export = program;
