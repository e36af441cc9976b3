import * as pulumi from "@pulumi/pulumi";
import { prefetchState } from "../components/kubernetes/recorded";
import { serverVersion } from "../components/kubernetes/server-version";
import type { GatewayAddresses } from "../topology/addresses";
import type { MeshModel } from "../settings/model";
import { openWays, wayOf, type OpenWays } from "../outputs/discovery";
import { notUpWarning, PeerError, peerMembers, peerProblems, type Peer } from "../outputs/peers";
import type { MeshOutputs } from "../outputs/contract";
import { UserError } from "../lib/errors";
import { refusal, refused } from "../lib/refusal";
import { readSecrets, readSettings } from "../settings/settings";
import type { SecretSettings } from "../settings/secrets";
import { checkTokenRevocation, checkTokenRotation, oldestGeneration } from "../trust/token-rotation";
import type { Member, RemoteAccess } from "../topology/pairs";
import type { Way } from "../topology/discovery";
import { stacksFolder } from "../lib/paths";
import { stackNames } from "../settings/files";
import { chartDigestProblems } from "./chart-digests";
import { accessToPeer } from "./discovery";
import { lookAtClusters } from "./existing-clusters";
import { readKubeconfigs } from "./kubeconfigs";
import { addressProblems, lostClusters, unfinishedPeers, unknownPeers } from "./members";
import { readPrevious, type Previous } from "./previous";
import { readPeers, unfinished } from "./stacks";
import { prepareTrust, type Trust } from "./trust";
import { isChanged, kubernetesIn, upgradeProblems, upgradeWarnings } from "./upgrades";

/** A cluster of a peer that is up, and how to read it. */
export interface OtherMember extends Member {
  readonly access: RemoteAccess;
  /** The way that `access` takes. */
  readonly through: Way;
  /** Generation of the token in `access`; undefined when the peer did not export it. */
  readonly generation?: number;
  /** Whether it has a Prometheus and a Jaeger. */
  readonly observed: boolean;
  /** How Kiali reads it; undefined where it lets none. */
  readonly kiali?: RemoteAccess;
}

/** Everything that is known before the first resource is registered. */
export interface Preparation {
  readonly model: MeshModel;
  /** The clusters of the peers that are up, in the order of the settings. */
  readonly others: readonly OtherMember[];
  /** By cluster key: the kubeconfig of each existing cluster. */
  readonly kubeconfigs: Readonly<Record<string, string>>;
  /** Logins for the repositories of the charts. Secret. */
  readonly chartCredentials: SecretSettings["chartCredentials"];
  /** Keys of the clusters whose namespace istio-system was there before the mesh, and stays. */
  readonly adopted: readonly string[];
  /** By cluster key: the addresses that the gateways of the stack's own clusters have had since the last `up`. */
  readonly gateways: Readonly<Record<string, Partial<GatewayAddresses>>>;
  /** By cluster key: the ways in which peers can read the stack's own clusters. */
  readonly ways: Readonly<Record<string, OpenWays>>;
  /** By cluster key, and by generation: the algorithm of each authority of its discovery proxy since the last `up`. */
  readonly discovery: Previous["discovery"];
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
    prefetchState();
    const secrets = readSecrets();
    const kubeconfigs = await readKubeconfigs(model, secrets.kubeconfigs);
    const existing = await lookAtClusters(model, kubeconfigs);
    refuse([...existing.problems, ...(await chartDigestProblems(model))]);
    const { peers, unknown } = await readPeers(model.peers);
    const previous = await readPrevious();
    refuse(unknownPeers(model, unknown, stackNames(stacksFolder(process.env))));
    refuse(unfinishedPeers(model, await unfinished(peers, unknown), lostClusters(model, previous.pairs, peers)));
    refuse([...peerProblems(model, peers), ...addressProblems(model, kubeconfigs, existing.uids, peers)]);
    const upgrade = { clusters: model.clusters, before: previous.istio, kubernetes: await kubernetesVersions(model, kubeconfigs, previous), peers };
    refuse(upgradeProblems(upgrade));
    const stack = pulumi.getStack();
    const { trust, problems, warnings } = prepareTrust(stack, model, peers, previous);
    refuse([...problems, ...tokenProblems(model, peers, previous), ...peers.flatMap(accessProblem)]);
    const missing = peers.flatMap((peer) => (peer.state === "not-up" ? [notUpWarning(stack, peer.stack)] : []));
    for (const warning of [...existing.warnings, ...missing, ...warnings, ...upgradeWarnings(upgrade)]) await pulumi.log.warn(warning);
    const ways = openWays(model.clusters, peers.flatMap((peer) => (peer.state === "up" ? [peer.outputs] : [])));
    const { adopted } = existing;
    const { chartCredentials } = secrets;
    return { model, kubeconfigs, chartCredentials, adopted, others: peers.flatMap(otherMembers), gateways: previous.gateways, ways, discovery: previous.discovery, trust };
  } catch (error) {
    throw refused(error);
  }
}

/** By cluster key: the Kubernetes that Istio is to run on. Asked for where that matters: a cluster whose Istio stays is left as it is known. */
async function kubernetesVersions({ clusters, kind }: MeshModel, kubeconfigs: Readonly<Record<string, string>>, previous: Previous): Promise<Record<string, string>> {
  const versions = await Promise.all(
    clusters.map(async (cluster) => {
      const { key, driver } = cluster;
      const known = previous.kubernetes[key];
      if (driver.type === "kind") return [key, kubernetesIn(kind.image) ?? known] as const;
      const { [key]: kubeconfig } = kubeconfigs;
      return [key, kubeconfig !== undefined && isChanged(cluster, previous.istio[key]) ? await serverVersion(kubeconfig) : known] as const;
    }),
  );
  return Object.fromEntries(versions.flatMap(([key, version]) => (version === undefined ? [] : [[key, version]])));
}

function otherMembers(peer: Peer): OtherMember[] {
  if (peer.state === "not-up") return [];
  const { outputs } = peer;
  return peerMembers(peer).map((member) => ({
    ...member,
    access: accessToPeer(peer.stack, outputs, member.key),
    through: wayOf(outputs, member.key),
    observed: outputs.clusters[member.key]?.observed === true,
    ...kialiOf(outputs, member.key),
    ...(outputs.peering ? { generation: outputs.peering.generation } : {}),
  }));
}

function kialiOf({ clusters, credentials }: MeshOutputs, key: string): Pick<OtherMember, "kiali"> {
  const [cluster, kiali] = [clusters[key], credentials[key]?.kiali];
  return cluster && kiali ? { kiali: { clusterName: cluster.clusterName, apiServer: cluster.apiServer, ...kiali } } : {};
}

/** Why a peer's clusters cannot be read. */
function accessProblem(peer: Peer): PeerError[] {
  try {
    otherMembers(peer);
    return [];
  } catch (error) {
    if (error instanceof PeerError) return [error];
    throw error;
  }
}

function tokenProblems(model: MeshModel, peers: readonly Peer[], previous: Previous): UserError[] {
  const up = peers.filter((peer) => peer.state === "up");
  const own = model.clusters.map(({ key }) => key);
  const reads = up.map(({ stack, outputs }) => ({ stack, generation: oldestGeneration(own, outputs.peering?.reads) }));
  const unknown = checkTokenRevocation(previous.generation, model.peering);
  if (unknown !== undefined) return [new UserError("token-to-revoke-unknown", unknown)];
  const problem = checkTokenRotation(previous.generation, model.peering, reads);
  return problem === undefined ? [] : [new UserError("token-rotation-out-of-order", problem)];
}

function refuse(problems: readonly UserError[]): void {
  if (problems.length > 0) throw refusal(...problems);
}
