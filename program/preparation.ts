import * as pulumi from "@pulumi/pulumi";
import { readKubeconfig } from "../lib/kubeconfig";
import type { GatewayAddresses } from "../topology/addresses";
import type { MeshModel } from "../settings/model";
import type { Intermediate, MeshOutputs } from "../outputs/contract";
import { authorityNotUp, intermediateOf, notUpWarning, PeerError, peerMembers, peerProblems, type Peer } from "../outputs/peers";
import { UserError } from "../lib/errors";
import { refusal, refused } from "../lib/refusal";
import { checkRotation } from "../trust/rotation";
import { readSettings } from "../settings/settings";
import { checkTokenRotation, oldestGeneration } from "../trust/token-rotation";
import type { Member, RemoteAccess } from "../topology/pairs";
import { stacksFolder } from "../lib/paths";
import { stackNames } from "../settings/files";
import { lookAtClusters } from "./existing-clusters";
import { addressProblems, lostClusters, unfinishedPeers, unknownPeers } from "./members";
import { readPeers, readPrevious, unfinished, type Previous } from "./stacks";

/** A cluster of a peer that is up, and how to read it. */
export interface OtherMember extends Member {
  readonly access: RemoteAccess;
  /** Generation of the token in `access`; undefined when the peer did not export it. */
  readonly generation?: number;
  /** Whether it has a Prometheus and a Jaeger. */
  readonly observed: boolean;
}

/** Everything that is known before the first resource is registered. */
export interface Preparation {
  readonly model: MeshModel;
  /** The clusters of the peers that are up, in the order of the settings. */
  readonly others: readonly OtherMember[];
  /** By cluster key: the kubeconfig of each existing cluster. */
  readonly kubeconfigs: Readonly<Record<string, string>>;
  /** Keys of the clusters whose namespace istio-system was there before the mesh, and stays. */
  readonly adopted: readonly string[];
  /** By cluster key: the addresses that the gateways of the stack's own clusters have had since the last `up`. */
  readonly gateways: Readonly<Record<string, Partial<GatewayAddresses>>>;
  /** The authority, when it is another stack. */
  readonly authority?: {
    readonly trust: NonNullable<MeshOutputs["trust"]>;
    /** By cluster key: what the authority issued for the stack's own clusters. Secret. */
    readonly intermediates: Readonly<Record<string, Intermediate>>;
  };
}

/**
 * Reads settings, peers and kubeconfigs, and refuses what cannot work, before any resource is registered. A peer that is not up is
 * left out with a warning.
 * @throws RunError whose message is shown without a stack trace
 */
export async function prepare(): Promise<Preparation> {
  try {
    const model = readSettings();
    const kubeconfigs = readKubeconfigs(model);
    const existing = await lookAtClusters(model, kubeconfigs);
    refuse(existing.problems);
    const { peers, unknown } = await readPeers(model.peers);
    const previous = await readPrevious();
    refuse(unknownPeers(model, unknown, stackNames(stacksFolder(process.env))));
    refuse(unfinishedPeers(model, await unfinished(peers, unknown), lostClusters(model, previous.pairs, peers)));
    refuse([...peerProblems(model, peers), ...addressProblems(model, kubeconfigs, existing.uids, peers)]);
    const authority = findAuthority(model, peers);
    refuse(rotationProblems(model, peers, previous));
    for (const warning of existing.warnings) await pulumi.log.warn(warning);
    for (const peer of peers) {
      if (peer.state === "not-up") await pulumi.log.warn(notUpWarning(pulumi.getStack(), peer.stack));
    }
    const { adopted } = existing;
    return { model, kubeconfigs, adopted, others: peers.flatMap(otherMembers), gateways: previous.gateways, ...(authority ? { authority } : {}) };
  } catch (error) {
    throw refused(error);
  }
}

function readKubeconfigs(model: MeshModel): Record<string, string> {
  return Object.fromEntries(
    model.clusters.flatMap(({ key, driver }) =>
      driver.type === "existing" ? [[key, readKubeconfig(driver.kubeconfig, driver.context, `usmesh:clusters.${key}`)]] : [],
    ),
  );
}

function otherMembers(peer: Peer): OtherMember[] {
  if (peer.state === "not-up") return [];
  const { clusters, credentials, peering } = peer.outputs;
  return peerMembers(peer).map((member) => {
    const [cluster, credential] = [clusters[member.key], credentials[member.key]];
    if (!cluster || !credential) throw new PeerError("credentials-missing", peer.stack, `it has no credentials for its cluster ${member.key}; bring it up again`);
    const access = { clusterName: member.clusterName, apiServer: cluster.apiServer, ...credential };
    return { ...member, access, observed: cluster.observed === true, ...(peering ? { generation: peering.generation } : {}) };
  });
}

function findAuthority(model: MeshModel, peers: readonly Peer[]): Preparation["authority"] {
  if (model.trust.authority === "self") return undefined;
  const { stack } = model.trust.authority;
  const peer = peers.find((candidate) => candidate.stack === stack);
  const issued = model.clusters.map(({ key }) => [key, intermediateOf(peers, stack, key)] as const);
  if (peer?.state !== "up" || !peer.outputs.trust) throw new UserError("authority-not-up", authorityNotUp(pulumi.getStack(), stack));
  return { trust: peer.outputs.trust, intermediates: Object.fromEntries(issued) as Record<string, Intermediate> };
}

function rotationProblems(model: MeshModel, peers: readonly Peer[], previous: Previous): UserError[] {
  const up = peers.filter((peer) => peer.state === "up");
  const roots =
    model.trust.authority === "self"
      ? checkRotation(previous.trust, model.trust, up.flatMap(({ stack, outputs: { trust } }) => (trust ? [{ stack, ...trust }] : [])))
      : undefined;
  const own = model.clusters.map(({ key }) => key);
  const reads = up.map(({ stack, outputs }) => ({ stack, generation: oldestGeneration(own, outputs.peering?.reads) }));
  const tokens = checkTokenRotation(previous.generation, model.peering.generation, reads);
  return [
    ...(roots === undefined ? [] : [new UserError("rotation-out-of-order", roots)]),
    ...(tokens === undefined ? [] : [new UserError("token-rotation-out-of-order", tokens)]),
  ];
}

function refuse(problems: readonly UserError[]): void {
  if (problems.length > 0) throw refusal(...problems);
}
