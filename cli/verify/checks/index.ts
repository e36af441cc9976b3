import type { MeshFacts } from "../facts";
import { CATEGORIES, type Category, type CheckId, type Finding, findingFactory } from "../finding";
import * as clusters from "./clusters";
import type { Check } from "./context";
import * as discovery from "./discovery";
import * as proxy from "./discovery-proxy";
import * as endpoints from "./endpoints";
import * as failover from "./failover";
import * as gateways from "./gateways";
import * as identity from "./identity";
import * as logs from "./logs";
import * as observability from "./observability";
import * as policies from "./policies";
import * as proxies from "./proxies";
import * as traffic from "./traffic";
import * as trust from "./trust";
import { type Scope, withUnread } from "./unread";

type Entry = readonly [id: CheckId, scope: Scope, check: Check];

/** Every check, in the order in which they are reported. Ids are part of the report's format; docs/checks.md has a section for each. */
const CHECKS: readonly Entry[] = [
  ["clusters.api", "cluster", clusters.reachable],
  ["clusters.versions", "mesh", clusters.versionSkew],
  ["clusters.nodes", "cluster", clusters.nodesReady],
  ["clusters.labels", "cluster", clusters.nodesLabelled],
  ["clusters.clocks", "mesh", clusters.clocksAgree],
  ["trust.cacerts", "cluster", trust.complete],
  ["trust.chain", "cluster", trust.chainVerifies],
  ["trust.key", "cluster", trust.keyBelongs],
  ["trust.usage", "cluster", trust.usageRight],
  ["trust.roots", "mesh", trust.sameRoots],
  ["trust.expiry", "cluster", trust.notExpired],
  ["trust.signing", "cluster", trust.reallySigns],
  ["identity.istiod", "cluster", identity.istiodRuns],
  ["identity.mesh-id", "mesh", identity.sameMeshId],
  ["identity.trust-domain", "mesh", identity.sameTrustDomain],
  ["identity.cluster-names", "mesh", identity.distinctNames],
  ["identity.networks", "mesh", identity.distinctNetworks],
  ["identity.network-label", "cluster", identity.networkLabelled],
  ["identity.gateway-network", "cluster", identity.gatewayInNetwork],
  ["identity.ranges", "mesh", identity.rangesApart],
  ["identity.principals", "cluster", policies.principalsExist],
  ["discovery.secret", "pair", discovery.secretPresent],
  ["discovery.server", "pair", discovery.serverUsable],
  ["discovery.token", "pair", discovery.tokenAccepted],
  ["discovery.permissions", "pair", discovery.permitted],
  ["discovery.token-lifetime", "pair", discovery.tokenLives],
  ["discovery.privileges", "pair", proxy.privilegesLeast],
  ["discovery.certificate", "pair", proxy.certificateValid],
  ["discovery.proxy", "cluster", proxy.proxyServes],
  ["discovery.synced", "pair", discovery.peerSynced],
  ["discovery.orphans", "cluster", discovery.noOrphans],
  ["gateways.present", "cluster", gateways.everyNetworkHasOne],
  ["gateways.address", "cluster", gateways.hasAddress],
  ["gateways.ready", "cluster", gateways.hasPods],
  ["gateways.passthrough", "cluster", gateways.passesThrough],
  ["gateways.exposed", "cluster", gateways.exposesNoMore],
  ["gateways.open", "pair", gateways.openFromPeers],
  ["gateways.chain", "cluster", gateways.presentsChain],
  ["gateways.foreign-root", "cluster", gateways.refusesForeignRoots],
  ["endpoints.via-gateways", "cluster", endpoints.viaGatewaysOnly],
  ["endpoints.failover", "cluster", failover.failsOver],
  ["endpoints.localities", "cluster", failover.localitiesKnown],
  ["traffic.request", "pair", traffic.requestsArrive],
  ["traffic.identity", "pair", traffic.identitySeen],
  ["traffic.plaintext", "cluster", traffic.refusesPlaintext],
  ["proxies.versions", "mesh", proxies.versionsMatch],
  ["proxies.synced", "cluster", proxies.allSynced],
  ["proxies.roots", "cluster", proxies.rootsCurrent],
  ["proxies.injection", "cluster", proxies.sidecarsPresent],
  ["observability.answers", "cluster", observability.observersAnswer],
  ["logs.errors", "cluster", logs.noErrors],
];

/** The ids of all checks. */
export const CHECK_IDS: readonly CheckId[] = CHECKS.map(([id]) => id);

/** Judges the facts by every check of the categories asked for. */
export function judge(facts: MeshFacts, categories: readonly Category[] = CATEGORIES): Finding[] {
  // With --no-traffic, what the traffic checks would have said is not unknown: nobody asked.
  const left = facts.pairs.every(({ traffic: answer }) => answer === undefined) ? categories.filter((category) => category !== "traffic") : categories;
  return CHECKS.flatMap(([id, scope, check]) => {
    const report = findingFactory(id);
    return left.some((category) => id.startsWith(`${category}.`)) ? withUnread(scope, check(facts, report), facts, report) : [];
  });
}
