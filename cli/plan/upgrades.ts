import type { ClusterModel } from "../../settings/model";
import { istioBefore, replacedInPlace } from "../../program/istio-before";
import type { BuildDifference } from "../../topology/istio-builds";
import { placementOf, type Placement, type Revision, type UpgradeStep } from "../../topology/revisions";
import type { StackFacts } from "./facts";
import type { PreviousCluster } from "./preview";
import type { IstioChange } from "./report";

/** What happens to Istio in the clusters that stay: from what there is since the last `up` to what the settings say. */
export function planUpgrades({ model, previous }: Pick<StackFacts, "model" | "previous">): IstioChange[] {
  return model.clusters.flatMap((cluster) => {
    const before = previous?.clusters?.[cluster.key];
    return before === undefined ? [] : changesOf(cluster, before, model.ingress);
  });
}

function changesOf({ key: cluster, istio }: ClusterModel, before: PreviousCluster, withIngress: boolean): IstioChange[] {
  const installed = istioBefore(before);
  const { version, upgrade } = installed;
  const versionOf = new Map([...(upgrade ? [[upgrade.revision, upgrade.version] as const] : []), [installed.revision, version] as const]);
  const wanted = new Map([istio, ...(istio.next ? [istio.next] : [])].map(({ revision, version }) => [revision as string, version]));
  const was = placementOf(installed.revision as Revision, upgrade && { revision: upgrade.revision as Revision, step: upgrade.step as UpgradeStep });
  const moves = movesOf(was, istio.placement, withIngress);
  const inPlace = replacedInPlace(istio, installed).map((replaced): IstioChange => {
    const { before: { version: from }, after: { version: to, revision }, differences } = replaced;
    const sources = differences.flatMap(({ what, ...ends }) => (what === "version" ? [] : [{ what, ...definedOf(ends) }]));
    return { cluster, change: "replaced-in-place", revision, from, to, ...(sources.length > 0 ? { sources } : {}), restarts: ["istiod", ...servedBy(istio.placement, revision, withIngress)] };
  });
  const added = [...wanted].flatMap(([revision, to]): IstioChange[] => (versionOf.has(revision) ? [] : [{ cluster, change: "installed", revision, from: version, to, restarts: [] }]));
  const removed = [...versionOf].flatMap(([revision, from]): IstioChange[] => (wanted.has(revision) ? [] : [{ cluster, change: "removed", revision, from, to: istio.version, restarts: [] }]));
  const moved = moves.map(({ from, to, restarts, pods }): IstioChange => ({
    cluster,
    change: pods ? "new-pods-moved" : "gateways-moved",
    revision: to,
    from: versionOf.get(from) ?? from,
    to: wanted.get(to) ?? to,
    restarts,
  }));
  return [...inPlace, ...added, ...moved, ...removed];
}

function definedOf({ from, to }: Pick<BuildDifference, "from" | "to">): { from?: string; to?: string } {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** What is served by another revision than before. */
function movesOf(was: Placement, is: Placement, withIngress: boolean): { from: string; to: string; restarts: string[]; pods: boolean }[] {
  const gateways = [
    { what: "east-west gateway", from: was.eastWest, to: is.eastWest },
    ...(withIngress ? [{ what: "ingress gateway", from: was.ingress, to: is.ingress }] : []),
  ].filter(({ from, to }) => from !== to);
  const [first] = gateways;
  return [
    ...(first ? [{ from: first.from, to: first.to, restarts: gateways.map(({ what }) => what), pods: false }] : []),
    ...(was.injects === is.injects ? [] : [{ from: was.injects, to: is.injects, restarts: [], pods: true }]),
  ];
}

function servedBy({ eastWest, ingress }: Placement, revision: string, withIngress: boolean): string[] {
  return [...(eastWest === revision ? ["east-west gateway"] : []), ...(withIngress && ingress === revision ? ["ingress gateway"] : [])];
}

/** A change of Istio, in one line. */
export function upgradeText({ cluster, change, revision, from, to, sources = [], restarts }: IstioChange): string {
  const name = revision === "default" ? "" : ` (${revision})`;
  switch (change) {
    case "replaced-in-place": {
      const what = [`Istio ${from === to ? from : `${from} → ${to}`}${name}`, ...sources.map((one) => `${one.what} ${one.from ?? "none"} → ${one.to ?? "none"}`)].join(", ");
      return `${cluster}: ${what} in place: ${restarts.join(", ")} ${restarts.length === 1 ? "restarts" : "restart"} at once, and sidecars ${from === to ? "stay as they are" : `keep ${from}`} until their pods restart`;
    }
    case "installed":
      return `${cluster}: istiod ${to}${name} is installed beside ${from}; it serves nothing yet`;
    case "gateways-moved":
      return `${cluster}: ${restarts.join(", ")} ${restarts.length === 1 ? "restarts" : "restart"} with Istio ${to}${name} instead of ${from}`;
    case "new-pods-moved":
      return `${cluster}: pods that start get Istio ${to}${name} instead of ${from}; those that run keep theirs until they restart`;
    case "removed":
      return `${cluster}: istiod ${from}${name} is removed: this cannot be undone, and pods that it still serves lose their control plane`;
  }
}
