import * as pulumi from "@pulumi/pulumi";
import type { MeshModel } from "../model/model";
import type { Intermediate, MeshOutputs } from "../model/outputs";
import { authorityNotUp, intermediateOf, notUpWarning, PeerError, peerMembers, peerProblems, type Peer } from "../model/peers";
import { UserError } from "../model/problems";
import { refusal } from "../model/refusal";
import { checkRotation } from "../model/rotation";
import { readSettings } from "../model/settings";
import type { Member, RemoteAccess } from "../model/topology";
import { readKubeconfig } from "./kubeconfig";
import { readOwnTrust, readPeers } from "./stacks";

/** A cluster of another stack that is up, and how to read it. */
export interface OtherMember extends Member {
  readonly access: RemoteAccess;
}

/** Everything that is known before the first resource. */
export interface Preparation {
  readonly model: MeshModel;
  /** The clusters of the peers that are up, in the order of the settings. */
  readonly others: readonly OtherMember[];
  /** By cluster key: the kubeconfig of each cluster that is there already. */
  readonly kubeconfigs: Readonly<Record<string, string>>;
  /** Where the trust comes from when another stack is the authority. */
  readonly authority?: {
    readonly trust: NonNullable<MeshOutputs["trust"]>;
    /** By cluster key: what the authority issued for the stack's own clusters. */
    readonly intermediates: Readonly<Record<string, Intermediate>>;
  };
}

/**
 * Reads settings, peers and kubeconfigs, and refuses here, before any resource is registered, what cannot work. A peer that is not
 * up is left out with a warning.
 * @throws RunError with a message for people
 */
export async function prepare(): Promise<Preparation> {
  try {
    const model = readSettings();
    const kubeconfigs = readKubeconfigs(model);
    const peers = await readPeers(model.peers);
    refuse(peerProblems(model, peers));
    const authority = findAuthority(model, peers);
    if (!authority) refuse(await rotationProblems(model, peers));
    for (const peer of peers) {
      if (peer.state === "not-up") await pulumi.log.warn(notUpWarning(pulumi.getStack(), peer.stack));
    }
    return { model, kubeconfigs, others: peers.flatMap(otherMembers), ...(authority ? { authority } : {}) };
  } catch (error) {
    if (error instanceof UserError) throw refusal(error.message);
    throw error;
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
  const { clusters, credentials } = peer.outputs;
  return peerMembers(peer).map((member) => {
    const [cluster, credential] = [clusters[member.key], credentials[member.key]];
    if (!cluster || !credential) throw new PeerError(peer.stack, `it has no credentials for its cluster ${member.key}; bring it up again`);
    return { ...member, access: { clusterName: member.clusterName, apiServer: cluster.apiServer, ...credential } };
  });
}

function findAuthority(model: MeshModel, peers: readonly Peer[]): Preparation["authority"] {
  if (model.trust.authority === "self") return undefined;
  const { stack } = model.trust.authority;
  const peer = peers.find((candidate) => candidate.stack === stack);
  const issued = model.clusters.map(({ key }) => [key, intermediateOf(peers, stack, key)] as const);
  if (peer?.state !== "up" || !peer.outputs.trust) throw refusal(authorityNotUp(pulumi.getStack(), stack));
  return { trust: peer.outputs.trust, intermediates: Object.fromEntries(issued) as Record<string, Intermediate> };
}

async function rotationProblems(model: MeshModel, peers: readonly Peer[]): Promise<string[]> {
  const theirs = peers.filter((peer) => peer.state === "up").flatMap(({ stack, outputs: { trust } }) => (trust ? [{ stack, ...trust }] : []));
  const problem = checkRotation(await readOwnTrust(), model.trust, theirs);
  return problem === undefined ? [] : [problem];
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw refusal(problems.join("\n"));
}
