import type { MeshFacts } from "../facts";
import { CATEGORIES, type Category, type Finding } from "../finding";
import * as clusters from "./clusters";
import type { Check } from "./context";
import * as discovery from "./discovery";
import * as endpoints from "./endpoints";
import * as gateways from "./gateways";
import * as identity from "./identity";
import * as logs from "./logs";
import * as proxies from "./proxies";
import * as traffic from "./traffic";
import * as trust from "./trust";

/** The checks of each category, in the order in which they are reported. */
const CHECKS: Readonly<Record<Category, readonly Check[]>> = {
  clusters: [clusters.reachable, clusters.versionSkew, clusters.nodesReady, clusters.nodesLabelled, clusters.clocksAgree],
  trust: [trust.complete, trust.chainVerifies, trust.keyBelongs, trust.usageRight, trust.sameRoots, trust.notExpired, trust.reallySigns],
  identity: [
    identity.istiodRuns,
    identity.sameMeshId,
    identity.sameTrustDomain,
    identity.distinctNames,
    identity.distinctNetworks,
    identity.networkLabelled,
    identity.gatewayInNetwork,
    identity.rangesApart,
  ],
  discovery: [
    discovery.secretPresent,
    discovery.serverUsable,
    discovery.tokenAccepted,
    discovery.permitted,
    discovery.tokenLives,
    discovery.peerSynced,
    discovery.noOrphans,
  ],
  gateways: [
    gateways.everyNetworkHasOne,
    gateways.hasAddress,
    gateways.hasPods,
    gateways.passesThrough,
    gateways.openFromPeers,
    gateways.presentsChain,
  ],
  endpoints: [endpoints.viaGatewaysOnly],
  traffic: [traffic.requestsArrive, traffic.identitySeen],
  proxies: [proxies.versionsMatch, proxies.allSynced, proxies.rootsCurrent, proxies.sidecarsPresent],
  logs: [logs.noErrors],
};

/** Judges the facts by every check of the categories asked for. */
export function judge(facts: MeshFacts, categories: readonly Category[] = CATEGORIES): Finding[] {
  return CATEGORIES.filter((c) => categories.includes(c)).flatMap((category) => CHECKS[category].flatMap((check) => check(facts)));
}
