import * as pulumi from "@pulumi/pulumi";
import type { Cluster, EastWestGateway, IstioPrimary, PluginCA } from "../components";
import { OUTPUTS_VERSION, type ClusterOutputs, type MeshOutputs } from "../outputs/contract";
import type { ClusterModel, MeshModel } from "../settings/model";
import type { Preparation } from "./preparation";

/** The stack's outputs before their values are known. */
export type Exports = { [Name in keyof Omit<MeshOutputs, "clusters">]: pulumi.Input<MeshOutputs[Name]> } & { clusters: Record<string, ClusterExports> };

/** The outputs of a cluster before their values are known. */
export type ClusterExports = { [Name in keyof Omit<ClusterOutputs, "versions">]: pulumi.Input<ClusterOutputs[Name]> } & {
  versions: pulumi.Input<{ [Name in keyof ClusterOutputs["versions"]]: pulumi.Input<ClusterOutputs["versions"][Name]> }>;
};

/** A cluster of this stack with its components. */
export interface OwnCluster {
  readonly member: ClusterModel;
  readonly cluster: Cluster;
  readonly primary: IstioPrimary;
  readonly eastWest: EastWestGateway;
}

/** What the program created, and what other stacks gave it. */
export interface Created extends Pick<Preparation, "others" | "authority"> {
  readonly own: readonly OwnCluster[];
  /** The stack's own authority; undefined when the authority is another stack. */
  readonly ca?: PluginCA;
  readonly pairs: pulumi.Output<string[]>;
}

/** The stack's outputs: the contract with other stacks. */
export function meshExports(model: MeshModel, { own, others, authority, ca, pairs }: Created): Exports {
  const reads = Object.fromEntries(others.flatMap(({ key, generation }) => (generation === undefined ? [] : [[key, generation]])));
  const byKey = <T>(value: (item: OwnCluster) => T) => Object.fromEntries(own.map((item) => [item.member.key, value(item)]));
  return {
    version: OUTPUTS_VERSION,
    mesh: { name: model.mesh, trustDomain: model.trustDomain },
    clusters: byKey((item) => clusterExports(model, item)),
    trust: ca ? ownTrust(model, ca) : authority?.trust,
    peering: { generation: model.peering.generation, reads },
    pairs,
    credentials: pulumi.secret(byKey(({ primary }) => primary.credentials)),
    intermediates: pulumi.secret(ca?.intermediates ?? {}),
    kubeconfigs: pulumi.secret(model.outputs.kubeconfigs ? byKey(({ cluster }) => cluster.kubeconfig) : {}),
  };
}

function clusterExports({ istio, metallb, docker, observability }: MeshModel, { member, cluster, primary, eastWest }: OwnCluster): ClusterExports {
  const { clusterName, network, region, zone, driver } = member;
  return {
    clusterName,
    network,
    region,
    zone,
    driver: driver.type,
    uid: cluster.uid,
    ...(driver.type === "kind" ? { docker: { network: docker.network, addressIndex: member.addressIndex } } : {}),
    apiServer: cluster.apiServer,
    ...(primary.ingressAddress ? { ingressAddress: primary.ingressAddress } : {}),
    eastWestAddress: eastWest.address,
    ...(observability.enabled ? { observed: true } : {}),
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
