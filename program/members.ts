import { isLoopback, canonicalServer } from "../lib/api-server-url";
import { didYouMean } from "../lib/did-you-mean";
import { UserError } from "../lib/errors";
import { accessOf } from "../lib/kubeconfig";
import { wayOf } from "../outputs/discovery";
import type { Peer } from "../outputs/peers";
import type { MeshModel } from "../settings/model";
import type { Way } from "../topology/discovery";

/** A cluster and what must distinguish it from all others of the mesh. */
interface Address {
  readonly key: string;
  /** As messages say it. */
  readonly owner: string;
  readonly server: string;
  readonly uid?: string | undefined;
  /** How others read it: through its gateway, they need not reach its API server. */
  readonly through: Way;
}

/**
 * Why the API servers of existing clusters cannot be those of distinct members of a mesh, an error each: another cluster cannot reach
 * one, or two are one.
 *
 * @param kubeconfigs by key of an existing cluster
 * @param uids by key of an existing cluster that answers
 * @param peers those that are up
 */
export function addressProblems(model: MeshModel, kubeconfigs: Readonly<Record<string, string>>, uids: Readonly<Record<string, string>>, peers: readonly Peer[]): UserError[] {
  const own = model.clusters.flatMap(({ key, driver, through }): Address[] => {
    const kubeconfig = kubeconfigs[key];
    if (driver.type !== "existing" || kubeconfig === undefined) return [];
    return [{ key, owner: "this stack", server: driver.apiServer ?? accessOf(kubeconfig).server, uid: uids[key], through }];
  });
  const others = peers.flatMap((peer) =>
    peer.state === "up"
      ? Object.entries(peer.outputs.clusters).map(([key, { apiServer, uid }]): Address => ({ key, owner: `stack ${peer.stack}`, server: apiServer, uid, through: wayOf(peer.outputs, key) }))
      : [],
  );
  const isAlone = model.clusters.length + model.peers.length === 1;
  const shown = model.observability.kiali.enabled;
  return [...(isAlone ? [] : own.flatMap((cluster) => unreachable(cluster, shown))), ...same(own, others)];
}

/** @param shown whether Kiali of the other clusters reads it, which it does at its API server whatever the way */
function unreachable({ key, server, through }: Address, shown: boolean): UserError[] {
  if ((through === "gateway" && !shown) || !isLoopback(server)) return [];
  return [
    new UserError(
      "api-server-loopback",
      `usmesh:clusters.${key}.apiServer: the context's server is ${server}, an address of whichever machine uses it, so no other cluster could reach it ` +
        `there; set this to an address that the others' pods reach, such as https://203.0.113.7:6443`,
    ),
  ];
}

/** Private API servers of two networks can have the same address: what is read through gateways is told apart by its UID, where that is known. */
function isSame(cluster: Address, other: Address): boolean {
  if (cluster.uid !== undefined && other.uid !== undefined) {
    if (cluster.uid === other.uid) return true;
    if (cluster.through === "gateway" && other.through === "gateway") return false;
  }
  return canonicalServer(other.server) === canonicalServer(cluster.server);
}

function same(own: readonly Address[], others: readonly Address[]): UserError[] {
  return own.flatMap((cluster, index) => {
    const earlier = [...own.slice(0, index), ...others].find((other) => isSame(cluster, other));
    if (earlier === undefined) return [];
    const what = cluster.uid !== undefined && earlier.uid === cluster.uid ? "is the same cluster as" : `has the API server ${cluster.server}, as has`;
    const remedy = "a cluster cannot be in the mesh twice: remove one of the two, or correct its context";
    return [new UserError("cluster-twice", `usmesh:clusters.${cluster.key}: it ${what} ${earlier.key} of ${earlier.owner}; ${remedy}`)];
  });
}

/**
 * Why peers that the backend does not know end the run, an error each: by its full name `organization/project/stack` a stack can be named
 * whose file is elsewhere, but a short name without a file is a mistake.
 *
 * @param unknown peers that the backend does not know
 * @param files stacks that have a file here
 */
export function unknownPeers({ peers }: Pick<MeshModel, "peers">, unknown: readonly string[], files: readonly string[]): UserError[] {
  return unknown
    .filter((peer) => !peer.includes("/") && !files.includes(peer))
    .map(
      (peer) =>
        new UserError(
          "peer-unknown",
          `usmesh:peers[${peers.indexOf(peer)}]: the backend has no stack "${peer}", and there is no file Pulumi.${peer}.yaml.${didYouMean(peer, files) || " Remove it, or create its file."} ` +
            `A stack whose file is elsewhere is named in full until it is up: organization/project/stack`,
        ),
    );
}

/**
 * Why peers that export nothing end the run, an error each: they have resources, so their `up` or `destroy` has not ended, and clusters of
 * theirs may be wired.
 *
 * @param unfinished peers that exist, export nothing and have resources
 * @param lost see {@link lostClusters}
 */
export function unfinishedPeers({ peers }: Pick<MeshModel, "peers">, unfinished: readonly string[], lost: readonly string[]): UserError[] {
  if (lost.length === 0) return [];
  return unfinished.map(
    (stack) =>
      new UserError(
        "peer-unfinished",
        `usmesh:peers[${peers.indexOf(stack)}]: stack ${stack} has resources and exports nothing, so its up or its destroy has not ended, and ${lost.join(", ")} would be unwired; ` +
          `nothing was changed. Bring it up: pulumi up -s ${stack}. If it is to go, let its destroy end first, or remove it from usmesh:peers`,
      ),
  );
}

/** Keys of other stacks' clusters that are wired since the last `up`, and that no peer has now. */
export function lostClusters(model: Pick<MeshModel, "clusters">, pairs: readonly string[], peers: readonly Peer[]): string[] {
  const there = [...model.clusters.map(({ key }) => key), ...peers.flatMap((peer) => (peer.state === "up" ? Object.keys(peer.outputs.clusters) : []))];
  return [...new Set(pairs.map((pair) => pair.split("->")[1] ?? ""))].filter((key) => key !== "" && !there.includes(key));
}
