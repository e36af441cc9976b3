import { UserError } from "../lib/errors";
import { see } from "../lib/troubleshooting";
import { wayOf } from "../outputs/discovery";
import type { Peer } from "../outputs/peers";
import type { ClusterModel } from "../settings/model";
import { kubernetesProblem, skewOf, stepProblem } from "../topology/istio-versions";
import { DEFAULT_REVISION } from "../topology/revisions";
import type { IstioBefore } from "./istio-before";

type Cluster = Pick<ClusterModel, "key" | "istio">;

/** What an upgrade is checked against. */
export interface UpgradeFacts {
  /** The stack's own clusters, as they are wanted. */
  readonly clusters: readonly Cluster[];
  /** By cluster key: what there is of Istio. Clusters without Istio are left out. */
  readonly before: Readonly<Record<string, IstioBefore>>;
  /** By cluster key: its version of Kubernetes. Clusters of which it is not known are left out. */
  readonly kubernetes: Readonly<Record<string, string>>;
  readonly peers: readonly Peer[];
}

/** Why Istio must not be changed as the settings have it: an error for each reason, with what to do. Nothing was changed. */
export function upgradeProblems(facts: UpgradeFacts): UserError[] {
  const { clusters, before } = facts;
  return [
    ...clusters.flatMap((cluster) => [...revisionProblems(cluster, before[cluster.key]), ...versionProblems(cluster, before[cluster.key])]),
    ...skewProblems(facts),
    ...kubernetesFindings(facts).flatMap(({ kind, text }) => (kind === "too-old" ? [new UserError("kubernetes-unsupported", `${text}; nothing was changed. Upgrade Kubernetes first`)] : [])),
    ...peerProblems(facts),
  ];
}

/** What is not refused, but the user should know: one line each. */
export function upgradeWarnings(facts: UpgradeFacts): string[] {
  return kubernetesFindings(facts).flatMap(({ kind, text }) => (kind === "too-new" ? [`${text}${see("kubernetes-unsupported")}`] : []));
}

/** Whether a cluster gets a version of Istio that it does not have yet. */
export function isChanged(cluster: Cluster, before: IstioBefore | undefined): boolean {
  return newVersions(cluster, before).length > 0;
}

/** The version of Kubernetes in the tag of a node image; undefined where it names none. */
export function kubernetesIn(image: string): string | undefined {
  return /:(v\d+\.\d+\.\d+)/.exec(image)?.[1];
}

/** An istiod is removed only when it serves nothing any more: the gateways and new pods use the other one. */
function revisionProblems({ key, istio }: Cluster, before: IstioBefore | undefined): UserError[] {
  if (before === undefined) return [];
  const setting = `usmesh:clusters.${key}.istio`;
  const { upgrade } = before;
  const wanted = istio.placement.revisions as readonly string[];
  const there = [before.revision, ...(upgrade ? [upgrade.revision] : [])];
  const gone = there.filter((revision) => !wanted.includes(revision));
  const inUse = gone.filter((revision) => (revision === before.revision ? upgrade?.step !== "workloads" : upgrade?.step !== "beside"));
  if (inUse.length === 0) return [];
  const [revision] = inUse;
  const why = `${setting}: istiod of revision ${revision} would be removed from ${key} while it serves ${revision === before.revision ? "gateways or new pods" : "gateways"}; nothing was changed`;
  const remedy =
    upgrade === undefined
      ? `Keep ${setting}.revision "${before.revision}", and install the other beside it with ${setting}.upgrade`
      : revision === before.revision
        ? `Set ${setting}.upgrade.step to "workloads" and restart the workloads first`
        : `Set ${setting}.upgrade.step to "beside" and restart the workloads first`;
  return [new UserError("istio-revision-in-use", `${why}. ${remedy}`)];
}

function versionProblems({ key, istio }: Cluster, before: IstioBefore | undefined): UserError[] {
  const installed = before === undefined ? undefined : before.revision === istio.revision ? before.version : before.upgrade?.revision === istio.revision ? before.upgrade.version : undefined;
  const steps: readonly (readonly [setting: string, from: string | undefined, to: string])[] = [
    [`usmesh:clusters.${key}.istio.version`, installed, istio.version],
    ...(istio.next ? [[`usmesh:clusters.${key}.istio.upgrade.version`, istio.version, istio.next.version] as const] : []),
  ];
  return steps.flatMap(([setting, from, to]) => {
    const problem = from === undefined ? undefined : stepProblem(from, to);
    if (problem === undefined) return [];
    const text = `${setting}: ${problem.message}; nothing was changed`;
    return [problem.kind === "downgrade" ? new UserError("istio-downgrade", text) : new UserError("istio-minor-skipped", text)];
  });
}

/** The istiods of the whole mesh, if this run changes one of them. What is there already is left to `verify`. */
function skewProblems({ clusters, before, peers }: UpgradeFacts): UserError[] {
  const own = clusters.flatMap((cluster) => installsOf(cluster).map(({ version }) => ({ key: cluster.key, version })));
  if (!clusters.some((cluster) => isChanged(cluster, before[cluster.key]))) return [];
  const others = peers.flatMap((peer) =>
    peer.state === "not-up"
      ? []
      : Object.entries(peer.outputs.clusters).flatMap(([key, { versions, istio }]) => [versions.istio, ...(istio?.upgrade ? [istio.upgrade.version] : [])].map((version) => ({ key, version }))),
  );
  const all = [...own, ...others];
  const skew = skewOf(all.map(({ version }) => version));
  if (skew === undefined) return [];
  const where = (version: string): string => `${version} in ${[...new Set(all.filter((one) => one.version === version).map(({ key }) => key))].join(" and ")}`;
  const text = `Istio ${where(skew.oldest)} and ${where(skew.newest)} would be more than one minor version apart; nothing was changed. Upgrade the oldest first`;
  return [new UserError("istio-skew", text)];
}

/** What Istio says of the Kubernetes of each cluster that gets another version of Istio. */
function kubernetesFindings({ clusters, before, kubernetes }: UpgradeFacts): { kind: "too-old" | "too-new"; text: string }[] {
  return clusters.flatMap((cluster) =>
    newVersions(cluster, before[cluster.key]).flatMap((version) => {
      const { [cluster.key]: running } = kubernetes;
      const problem = running === undefined ? undefined : kubernetesProblem(version, running);
      if (problem === undefined) return [];
      return [{ kind: problem.kind, text: `usmesh:clusters.${cluster.key}: Istio ${version} supports Kubernetes ${problem.supported}, and the cluster has ${running}` }];
    }),
  );
}

/** An istiod of a revision cannot read a peer that does not permit that revision. */
function peerProblems({ clusters, peers }: UpgradeFacts): UserError[] {
  const revisions = [...new Set(clusters.flatMap(({ istio }) => istio.placement.revisions as readonly string[]))];
  return peers.flatMap((peer) => {
    if (peer.state === "not-up") return [];
    const { outputs, stack } = peer;
    const permitted = outputs.peering?.revisions ?? [DEFAULT_REVISION];
    const [missing] = revisions.filter((revision) => !permitted.includes(revision));
    if (missing === undefined || !Object.keys(outputs.clusters).some((key) => wayOf(outputs, key) === "gateway")) return [];
    const text = `stack ${stack} was last brought up by a version that does not permit istiod of revision ${missing}, so that istiod could not read its clusters; nothing was changed`;
    return [new UserError("peer-permits-no-revision", `${text}. First: pulumi up -s ${stack}`)];
  });
}

function installsOf({ istio }: Cluster): { readonly revision: string; readonly version: string }[] {
  return [istio, ...(istio.next ? [istio.next] : [])];
}

/** The versions that a cluster does not have yet. */
function newVersions(cluster: Cluster, before: IstioBefore | undefined): string[] {
  const there = before === undefined ? [] : [before.version, ...(before.upgrade ? [before.upgrade.version] : [])];
  return installsOf(cluster)
    .map(({ version }) => version)
    .filter((version) => !there.includes(version));
}
