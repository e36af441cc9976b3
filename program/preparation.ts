import * as pulumi from "@pulumi/pulumi";
import { ApiServer, KubeError } from "../lib/api-server";
import { readKubeconfig } from "../lib/kubeconfig";
import type { GatewayAddresses } from "../topology/addresses";
import type { MeshModel } from "../settings/model";
import { componentNames } from "../topology/names";
import { notUpWarning, PeerError, peerMembers, peerProblems, type Peer } from "../outputs/peers";
import { UserError } from "../lib/errors";
import { refusal } from "../lib/refusal";
import { readSettings } from "../settings/settings";
import { checkTokenRotation, oldestGeneration } from "../trust/token-rotation";
import type { Member, RemoteAccess } from "../topology/pairs";
import { providerName } from "../components/cluster";
import { isRecorded } from "../components/kubernetes/recorded";
import { readPrevious, type Previous } from "./previous";
import { readPeers } from "./stacks";
import { prepareTrust, type Trust } from "./trust";

/** Type of a Kubernetes provider. */
const PROVIDER = "pulumi:providers:kubernetes";

/** Milliseconds within which an API server has to answer. */
const SERVER_TIMEOUT_MS = 10_000;

/** A cluster of a peer that is up, and how to read it. */
export interface OtherMember extends Member {
  readonly access: RemoteAccess;
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
  readonly trust: Trust;
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
    const previous = await readPrevious();
    const stack = pulumi.getStack();
    const { trust, problems, warnings } = prepareTrust(stack, model, peers, previous);
    refuse([...problems, ...tokenProblems(model, peers, previous)]);
    const missing = peers.flatMap((peer) => (peer.state === "not-up" ? [notUpWarning(stack, peer.stack)] : []));
    for (const warning of [...missing, ...warnings]) await pulumi.log.warn(warning);
    return { model, kubeconfigs, others: peers.flatMap(otherMembers), gateways: previous.gateways, trust };
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
  const { clusters, credentials, peering } = peer.outputs;
  return peerMembers(peer).map((member) => {
    const [cluster, credential] = [clusters[member.key], credentials[member.key]];
    if (!cluster || !credential) throw new PeerError(peer.stack, `it has no credentials for its cluster ${member.key}; bring it up again`);
    const access = { clusterName: member.clusterName, apiServer: cluster.apiServer, ...credential };
    return { ...member, access, ...(peering ? { generation: peering.generation } : {}) };
  });
}

function tokenProblems(model: MeshModel, peers: readonly Peer[], previous: Previous): string[] {
  const up = peers.filter((peer) => peer.state === "up");
  const own = model.clusters.map(({ key }) => key);
  const reads = up.map(({ stack, outputs }) => ({ stack, generation: oldestGeneration(own, outputs.peering?.reads) }));
  const problem = checkTokenRotation(previous.generation, model.peering, reads);
  return problem === undefined ? [] : [problem];
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw refusal(problems.join("\n"));
}
