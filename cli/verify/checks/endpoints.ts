import ipaddr from "ipaddr.js";
import type { Finding, FindingFactory } from "../finding";
import type { RemoteServiceFacts } from "../routing-facts";
import { type Check, readClusters, type ReadCluster } from "./context";

const CROSS_NETWORK_PORT = 15443;

/** For services that live in another cluster alone: the proxies' endpoints must be that cluster's gateways and nothing else. */
export const viaGatewaysOnly: Check = (facts, report) => {
  const clusters = readClusters(facts);
  const unread = facts.clusters.filter(({ state }) => state === undefined).map(({ key }) => key);
  return clusters.flatMap((cluster): Finding[] => {
    const subject = { cluster: cluster.key };
    const services = cluster.state.remoteServices;
    if (!services.ok) return [report.unknown(subject, services.error)];
    if (services.value === undefined) return [report.skip(subject, "no proxy runs here that sends requests to services")];
    const found = services.value.flatMap((service) => judge(cluster, { clusters, unread }, service, report));
    return found.length > 0 ? found : [report.skip(subject, "no service of the mesh lives in another network alone")];
  });
};

/** The clusters that could be read, and the keys of those that could not. */
interface Known {
  readonly clusters: readonly ReadCluster[];
  readonly unread: readonly string[];
}

function judge(cluster: ReadCluster, { clusters, unread }: Known, service: RemoteServiceFacts, report: FindingFactory): Finding[] {
  const peers = clusters.filter((c) => service.clusters.includes(c.key) && c.state.istiod.network !== cluster.state.istiod.network);
  if (peers.length === 0) return [];
  const gateways = new Set(peers.flatMap((peer) => peer.state.gateways.services.flatMap((s) => s.addresses)));
  const subject = { cluster: cluster.key, peer: peers[0]?.key };
  const seen = service.endpoints.map((e) => `${e.address}:${e.port}`).join(", ");
  if (service.endpoints.length === 0) {
    return [
      report.fail(subject, `${service.service} has no endpoint here`, {
        reason: "requests to it fail with 503, no healthy upstream",
        cause: "istiod does not read the peer, or knows no gateway of its network: the findings under discovery, identity and gateways say which",
        remedy: "fix those first, then check again",
      }),
    ];
  }
  const raw = service.endpoints.filter((e) => !(gateways.has(e.address) && e.port === CROSS_NETWORK_PORT));
  if (raw.length === 0) return [report.pass(subject, `${service.service} at ${seen}`)];
  const pods = raw.filter((e) => peers.some((peer) => peer.state.podCidrs.some((cidr) => isInside(e.address, cidr))));
  if (unread.length > 0 && pods.length === 0 && raw.every((e) => e.port === CROSS_NETWORK_PORT)) {
    return [report.unknown(subject, `${service.service} at ${seen}: also at what may be a gateway of ${unread.join(" or ")}, which could not be read`)];
  }
  const kind = pods.length > 0 ? "pod addresses of another network" : "not addresses of the peer's gateways";
  return [
    report.fail(subject, `${service.service} at ${raw.map((e) => `${e.address}:${e.port}`).join(", ")}: ${kind}`, {
      reason: "nothing routes to these addresses from here: requests hang and end with 503",
      cause: "istiod knows no gateway of the peer's network, or takes the pods for pods of its own network",
      remedy: "label istio-system and the east-west gateway's Service in the peer with its network: ./mesh up",
    }),
  ];
}

function isInside(address: string, cidr: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  const range = ipaddr.parseCIDR(cidr);
  return parsed.kind() === range[0].kind() && parsed.match(range);
}
