import { notUpWarning } from "../../outputs/peers";
import { planClusters } from "./clusters";
import { countResources } from "./counts";
import type { StackFacts } from "./facts";
import { planPairs } from "./pairs";
import type { StackPlan } from "./report";
import { contextOf, partsOf } from "./roles";
import { planTokens } from "./tokens";
import { planTrust } from "./trust";
import { planUnknown } from "./unknown";
import { planUpgrades } from "./upgrades";
import { planWorkloads } from "./workloads";

/** What `up` would do to a stack. */
export function planStack(facts: StackFacts): StackPlan {
  const context = contextOf(facts);
  const parts = partsOf(context);
  const clusters = planClusters(facts, parts, context);
  const unknown = planUnknown(facts, parts, context);
  const istio = planUpgrades(facts);
  return {
    stack: facts.stack,
    state: "planned",
    clusters,
    trust: planTrust(facts, parts, context),
    pairs: planPairs(facts),
    tokens: planTokens(parts, clusters),
    workloads: planWorkloads(parts),
    ...(istio.length > 0 ? { istio } : {}),
    ...(unknown.length > 0 ? { unknown } : {}),
    ...(facts.resources ? { resources: countResources(facts.resources) } : {}),
    warnings: warningsOf(facts),
  };
}

/** The plan of a stack that has to wait until another one is up: all that is known is what its settings say. */
export function waitingPlan(facts: StackFacts, reason: string): StackPlan {
  return { ...planStack(facts), state: "waiting", reason };
}

/** The plan of a stack that could not be planned. */
export function failedPlan(stack: string, reason: string): StackPlan {
  const nothing = { clusters: { joining: [], leaving: [], replaced: [], changed: [] }, trust: [], pairs: { wired: [], unwired: [] } };
  return { stack, state: "failed", reason, ...nothing, tokens: [], workloads: [], warnings: [] };
}

/** What the program warned of. Whether a peer is up was found out here, and not from what the program said about it. */
function warningsOf({ stack, model, peers, warnings }: StackFacts): string[] {
  const everyPeer = model.peers.map((peer) => notUpWarning(stack, peer));
  const missing = peers.filter(({ state }) => state === "not-up").map((peer) => notUpWarning(stack, peer.stack));
  return [...missing, ...warnings.filter((warning) => !everyPeer.includes(warning))];
}
