import { notUpWarning } from "../../outputs/peers";
import { countResources, planPairs, planTokens, planWorkloads } from "./changes";
import { planClusters } from "./clusters";
import type { DangerName } from "./dangers";
import type { StackFacts } from "./facts";
import type { Danger, StackPlan, TrustChange } from "./report";
import { planTrust } from "./trust";

/** What `up` would do to a stack. */
export function planStack(facts: StackFacts): StackPlan {
  return {
    stack: facts.stack,
    state: "planned",
    clusters: planClusters(facts),
    trust: planTrust(facts),
    pairs: planPairs(facts),
    tokens: planTokens(facts),
    workloads: planWorkloads(facts),
    ...(facts.changes ? { resources: countResources(facts.changes) } : {}),
    warnings: warningsOf(facts),
  };
}

/** A stack that another one's `up` comes before: what its settings say is all that is known. */
export function waitingPlan(facts: StackFacts, reason: string): StackPlan {
  return { ...planStack(facts), state: "waiting", reason };
}

/** A stack that could not be planned. */
export function failedPlan(stack: string, reason: string): StackPlan {
  const nothing = { clusters: { joining: [], leaving: [], replaced: [], changed: [] }, trust: [], pairs: { wired: [], unwired: [] } };
  return { stack, state: "failed", reason, ...nothing, tokens: [], workloads: [], warnings: [] };
}

/** What the program warned of, and the peers that are not up, by what is known of them here. */
function warningsOf({ stack, model, peers, warnings }: StackFacts): string[] {
  const everyPeer = model.peers.map((peer) => notUpWarning(stack, peer));
  const missing = peers.filter(({ state }) => state === "not-up").map((peer) => notUpWarning(stack, peer.stack));
  return [...missing, ...warnings.filter((warning) => !everyPeer.includes(warning))];
}

/** What is dangerous about a plan. */
export function dangersOf({ stack, clusters, trust }: StackPlan, allowed: readonly DangerName[]): Danger[] {
  const found: readonly (readonly [DangerName, string])[] = [
    ...clusters.replaced.map(({ cluster, why }) => ["replaced-clusters", `cluster ${cluster} is replaced: ${why}`] as const),
    ...clusters.leaving.map(({ cluster, driver }) => ["replaced-clusters", `cluster ${cluster} ${leaves(driver)}`] as const),
    ...trust.flatMap((change) => dangerousTrust(change).map((what) => ["changed-root", what] as const)),
  ];
  return found.map(([danger, what]) => ({ danger, stack, what, allowed: allowed.includes(danger) }));
}

/** How a cluster leaves. */
export function leaves(driver: "kind" | "existing" | undefined): string {
  return driver === "existing" ? "leaves the mesh" : "leaves the mesh and is deleted";
}

/** Steps that a stack only takes over were judged where they were made; a root that is another one is not a step. */
function dangerousTrust({ change, root = "", from = "", authority }: TrustChange): string[] {
  if (change === "root-replaced") return [`root ${root} is another one from now on: requests fail until every cluster has taken it over`];
  if (authority !== undefined) return [];
  if (change === "root-removed") return [`root ${root} is no longer trusted`];
  return change === "signer-changed" ? [`root ${root} signs instead of root ${from}`] : [];
}
