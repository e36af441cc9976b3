import type { DangerName } from "./danger-names";
import { upgradeText } from "./upgrades";
import type { ClusterPlan, Danger, StackPlan, TrustChange, UnknownChange } from "./report";

/** What is dangerous about a plan. */
export function dangersOf({ stack, clusters, trust, pairs, istio = [], unknown = [] }: StackPlan, allowed: readonly DangerName[]): Danger[] {
  const found: readonly (readonly [DangerName, string])[] = [
    ...clusters.replaced.map(({ cluster, why }) => ["replaced-clusters", `cluster ${cluster} is replaced: ${why}`] as const),
    ...clusters.leaving.map(({ cluster, driver }) => ["replaced-clusters", `cluster ${cluster} ${leaves(driver)}`] as const),
    ...trust.flatMap((change) => dangerousTrust(change).map((what) => ["changed-root", what] as const)),
    ...pairs.unwired.filter((pair) => !leavesWith(pair, clusters)).map((pair) => ["unwired-pairs", `${pair} is unwired: ${workloads(pair)}`] as const),
    ...istio.filter(({ change }) => change === "replaced-in-place").map((change) => ["istio-in-place", upgradeText(change)] as const),
    ...istio.filter(({ change }) => change === "removed").map((change) => ["removed-istiod", upgradeText(change)] as const),
    ...unknown.map((change) => ["unknown", unknownText(change)] as const),
  ];
  return found.map(([danger, what]) => ({ danger, stack, what, allowed: allowed.includes(danger) }));
}

/** How a cluster leaves. */
export function leaves(driver: "kind" | "existing" | undefined): string {
  return driver === "existing" ? "leaves the mesh" : "leaves the mesh and is deleted";
}

/** Whether a pair is unwired because one of the stack's own clusters leaves, which is a danger of its own. */
function leavesWith(pair: string, { leaving }: ClusterPlan): boolean {
  return pair.split("->").some((key) => leaving.some(({ cluster }) => cluster === key));
}

function workloads(pair: string): string {
  const [from, to] = pair.split("->");
  return `workloads in ${from} no longer find those in ${to}`;
}

/** A change that cannot be judged, with the reason. */
export function unknownText({ resource, type, change, why }: UnknownChange): string {
  const verb = { create: "created", update: "updated", replace: "replaced", delete: "deleted" }[change];
  return `${resource} (${type}) is ${verb}, and the effect on the mesh is unknown: ${why}`;
}

/** Steps that a stack only adopts were judged in the stack that made them; a root that is replaced by another is not such a step. */
function dangerousTrust({ change, root = "", from = "", authority }: TrustChange): string[] {
  if (change === "root-replaced") return [`root ${root} is replaced by another one: requests fail until every cluster trusts it`];
  if (authority !== undefined) return [];
  if (change === "root-removed") return [`root ${root} is no longer trusted`];
  return change === "signer-changed" ? [`root ${root} signs instead of root ${from}`] : [];
}
