import * as pulumi from "@pulumi/pulumi";
import { ApiServer, KubeError } from "../lib/api-server";
import { readKubeconfig } from "../lib/kubeconfig";
import type { GatewayAddresses } from "../topology/addresses";
import type { MeshModel } from "../settings/model";
import { componentNames } from "../topology/names";
import type { Intermediate, MeshOutputs } from "../outputs/contract";
import { openWays, wayOf, type OpenWays } from "../outputs/discovery";
import { authorityNotUp, intermediateOf, notUpWarning, peerMembers, peerProblems, type Peer } from "../outputs/peers";
import { UserError } from "../lib/errors";
import { refusal } from "../lib/refusal";
import { checkRotation } from "../trust/rotation";
import { readSettings } from "../settings/settings";
import { checkTokenRotation, oldestGeneration } from "../trust/token-rotation";
import type { Member, RemoteAccess } from "../topology/pairs";
import { providerName } from "../components/cluster";
import { isRecorded } from "../components/kubernetes/recorded";
import type { Way } from "../topology/discovery";
import { accessToPeer } from "./discovery";
import { readPeers, readPrevious, type Previous } from "./stacks";

/** Type of a Kubernetes provider. */
const PROVIDER = "pulumi:providers:kubernetes";

/** Milliseconds within which an API server has to answer. */
const SERVER_TIMEOUT_MS = 10_000;

/** A cluster of a peer that is up, and how to read it. */
export interface OtherMember extends Member {
  readonly access: RemoteAccess;
  /** The way that `access` takes. */
  readonly through: Way;
  /** Generation of the token in `access`; undefined when the peer did not export it. */
  readonly generation?: number;
}

/** Everything that is known before the first resource is registered. */
export interface Preparation {
  readonly model: MeshModel;
  /** The clusters of the peers that are up, in the order of the settings. */
  readonly others: readonly OtherMember[];
  /** By cluster key: the kubeconfig of each existing cluster. */
  readonly kubeconfigs: Readonly<Record<string, string>>;
  /** By cluster key: the addresses that the gateways of the stack's own clusters have had since the last `up`. */
  readonly gateways: Readonly<Record<string, GatewayAddresses>>;
  /** By cluster key: the ways in which peers can read the stack's own clusters. */
  readonly ways: Readonly<Record<string, OpenWays>>;
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
    refuse(await unreachable(kubeconfigs));
    const peers = await readPeers(model.peers);
    refuse(peerProblems(model, peers));
    const authority = findAuthority(model, peers);
    const previous = await readPrevious();
    refuse(rotationProblems(model, peers, previous));
    for (const peer of peers) {
      if (peer.state === "not-up") await pulumi.log.warn(notUpWarning(pulumi.getStack(), peer.stack));
    }
    const ways = openWays(model.clusters, peers.flatMap((peer) => (peer.state === "up" ? [peer.outputs] : [])));
    return { model, kubeconfigs, others: peers.flatMap(otherMembers), gateways: previous.gateways, ways, ...(authority ? { authority } : {}) };
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

/**
 * One problem for each cluster that the stack has written to and that does not answer now. The provider would conclude that everything
 * in it is gone, and the run would fail on the first thing that it misses.
 */
async function unreachable(kubeconfigs: Readonly<Record<string, string>>): Promise<string[]> {
  if (pulumi.runtime.isDryRun()) return [];
  const problems = await Promise.all(
    Object.entries(kubeconfigs).map(async ([key, kubeconfig]) => {
      if (!(await isRecorded(PROVIDER, providerName(componentNames.cluster(key))))) return [];
      const server = await ApiServer.of(kubeconfig, SERVER_TIMEOUT_MS);
      const reason = await server.get("/version").then(
        () => undefined,
        (error: Error) => (error instanceof KubeError ? undefined : error.message),
      );
      return reason === undefined ? [] : [`usmesh:clusters.${key}: its API server ${server.server} does not answer (${reason}); nothing was changed`];
    }),
  );
  return problems.flat();
}

function otherMembers(peer: Peer): OtherMember[] {
  if (peer.state === "not-up") return [];
  const { outputs } = peer;
  return peerMembers(peer).map((member) => ({
    ...member,
    access: accessToPeer(peer.stack, outputs, member.key),
    through: wayOf(outputs, member.key),
    ...(outputs.peering ? { generation: outputs.peering.generation } : {}),
  }));
}

function findAuthority(model: MeshModel, peers: readonly Peer[]): Preparation["authority"] {
  if (model.trust.authority === "self") return undefined;
  const { stack } = model.trust.authority;
  const peer = peers.find((candidate) => candidate.stack === stack);
  const issued = model.clusters.map(({ key }) => [key, intermediateOf(peers, stack, key)] as const);
  if (peer?.state !== "up" || !peer.outputs.trust) throw refusal(authorityNotUp(pulumi.getStack(), stack));
  return { trust: peer.outputs.trust, intermediates: Object.fromEntries(issued) as Record<string, Intermediate> };
}

function rotationProblems(model: MeshModel, peers: readonly Peer[], previous: Previous): string[] {
  const up = peers.filter((peer) => peer.state === "up");
  const roots =
    model.trust.authority === "self"
      ? checkRotation(previous.trust, model.trust, up.flatMap(({ stack, outputs: { trust } }) => (trust ? [{ stack, ...trust }] : [])))
      : undefined;
  const own = model.clusters.map(({ key }) => key);
  const reads = up.map(({ stack, outputs }) => ({ stack, generation: oldestGeneration(own, outputs.peering?.reads) }));
  const tokens = checkTokenRotation(previous.generation, model.peering.generation, reads);
  return [roots, tokens].filter((problem) => problem !== undefined);
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw refusal(problems.join("\n"));
}
