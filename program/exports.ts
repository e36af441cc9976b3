import * as pulumi from "@pulumi/pulumi";
import type { Cluster, DiscoveryProxy, EastWestGateway, IntermediateKeys, IstioPrimary, KialiAccess, Observability, PluginCA } from "../components";
import { OUTPUTS_VERSION, type ClusterOutputs, type Credentials, type MeshOutputs } from "../outputs/contract";
import type { ClusterModel, MeshModel } from "../settings/model";
import { REVISIONS } from "../topology/revisions";
import { accountOfStack } from "./discovery";
import type { Preparation } from "./preparation";
import { intermediateEnds, type OtherAuthority, type OwnAuthority } from "./trust";
import { istioOutputs } from "./istio-before";

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
  /** Undefined where no peer reads the cluster through its gateway. */
  readonly discovery: DiscoveryProxy | undefined;
  /** What observes it; undefined where nothing does. */
  readonly observers: Observers | undefined;
}

/** What observes a cluster. */
export interface Observers {
  readonly observability: Observability;
  /** What Kiali may read there; undefined without Kiali. */
  readonly kialiAccess: KialiAccess | undefined;
  /** What the pods wait for. */
  readonly needs: readonly pulumi.Resource[];
}

/** What signs for the stack's clusters: its own authority, or another stack for the keys that were made here. */
export type CreatedTrust = (OwnAuthority & { readonly ca: PluginCA }) | (OtherAuthority & { readonly keys: IntermediateKeys });

/** What the program created, and what other stacks gave it. */
export interface Created extends Pick<Preparation, "others"> {
  /** Those that are up; a cluster that waits for its certificate is left out. */
  readonly own: readonly OwnCluster[];
  readonly trust: CreatedTrust;
  readonly pairs: pulumi.Output<string[]>;
}

/** The stack's outputs: the contract with other stacks. */
export function meshExports(model: MeshModel, { own, others, trust, pairs }: Created): Exports {
  const reads = Object.fromEntries(others.flatMap(({ key, generation }) => (generation === undefined ? [] : [[key, generation]])));
  const byKey = <T>(value: (item: OwnCluster) => T) => Object.fromEntries(own.map((item) => [item.member.key, value(item)]));
  return {
    version: OUTPUTS_VERSION,
    mesh: { name: model.mesh, trustDomain: model.trustDomain },
    clusters: byKey((item) => clusterExports(model, item)),
    ...trustExports(model, trust),
    peering: { generation: model.peering.generation, reads, through: Object.fromEntries(others.map(({ key, through }) => [key, through])), revisions: [...REVISIONS] },
    pairs,
    credentials: pulumi.secret(byKey((item) => credentialsOf(model, item))),
    kubeconfigs: pulumi.secret(model.outputs.kubeconfigs ? byKey(({ cluster }) => cluster.kubeconfig) : {}),
  };
}

function clusterExports({ metallb, docker, observability }: MeshModel, { member, cluster, primary, eastWest }: OwnCluster): ClusterExports {
  const { clusterName, network, region, zone, driver, istio } = member;
  return {
    clusterName,
    network,
    region,
    zone,
    driver: driver.type,
    uid: cluster.uid,
    ...(driver.type === "kind" ? { docker: { network: docker.network, addressIndex: member.addressIndex } } : {}),
    apiServer: cluster.apiServer,
    through: member.through,
    ...(primary.ingressAddress ? { ingressAddress: primary.ingressAddress } : {}),
    eastWestAddress: eastWest.address,
    ...(observability.enabled ? { observed: true } : {}),
    versions: {
      kubernetes: cluster.kubernetesVersion,
      istio: istio.version,
      ...(member.metallb ? { metallb: metallb.version } : {}),
    },
    istio: istioOutputs(istio),
  };
}

/** What other stacks read a cluster with, by each way that is open. */
function credentialsOf({ peers }: MeshModel, { primary, discovery, observers }: OwnCluster): pulumi.Output<Credentials> {
  return pulumi.all([primary.credentials, discovery?.access, observers?.kialiAccess?.credentials]).apply(([direct, through, kiali]): Credentials => {
    const all = { ...direct, ...(kiali === undefined ? {} : { kiali }) };
    if (through === undefined) return all;
    const { tokens, ...gateway } = through;
    const named = peers.map((peer) => accountOfStack(peer, tokens));
    return { ...all, gateway: { ...gateway, tokens: Object.fromEntries(named) } };
  });
}

function trustExports(model: MeshModel, created: CreatedTrust): Pick<Exports, "trust" | "requests" | "certificates"> {
  if ("keys" in created) {
    const { trust, signing, keys } = created;
    const requests = Object.entries(keys.keys).map(([member, all]) => [member, all.map(({ privateKey: _secret, ...request }) => request)]);
    const ends = { ...trust.ends, intermediates: intermediateEnds(signing) };
    return { trust: { ...trust, ends }, requests: pulumi.output(Object.fromEntries(requests)) as pulumi.Output<MeshOutputs["requests"]>, certificates: {} };
  }
  const { ca, recipes, keyAlgorithm } = created;
  const { roots, signer, generation, members, earlyRenewalHours } = model.trust;
  const { rootCertificates, rootEnds, intermediateEnds: intermediates, certificates } = ca;
  const trust = { authority: pulumi.getStack(), members: [...members], roots: [...roots], signer, rootCertificates, recipes: { ...recipes }, generation, keyAlgorithm, earlyRenewalHours };
  return { trust: pulumi.output({ ...trust, ends: { roots: rootEnds, intermediates } }), requests: {}, certificates: pulumi.output(certificates) };
}
