import ipaddr from "ipaddr.js";
import { type Finding, reporter } from "../finding";
import { type Check, known, type Known } from "./context";

const viaGateways = reporter("endpoints", "via-gateways");

const CROSS_NETWORK_PORT = 15443;

/** For services that live in another cluster alone: the proxies' endpoints must be that cluster's gateways and nothing else. */
export const viaGatewaysOnly: Check = (facts) => {
  const clusters = known(facts);
  return clusters.flatMap((cluster): Finding[] => {
    const place = { cluster: cluster.key };
    const services = cluster.state.remoteServices;
    if (!services.ok) return [viaGateways.skip(place, services.error)];
    if (services.value.length === 0) return [viaGateways.skip(place, "no service of the mesh lives in another cluster alone")];
    return services.value.flatMap((service) => judge(cluster, clusters, service));
  });
};

type Service = Extract<Known["state"]["remoteServices"], { ok: true }>["value"][number];

function judge(cluster: Known, clusters: readonly Known[], service: Service): Finding[] {
  const peers = clusters.filter((c) => service.clusters.includes(c.key) && c.state.istiod.network !== cluster.state.istiod.network);
  if (peers.length === 0) return [];
  const gateways = new Set(peers.flatMap((peer) => peer.state.gateways.services.flatMap((s) => s.addresses)));
  const place = { cluster: cluster.key, peer: peers[0]?.key };
  const seen = service.endpoints.map((e) => `${e.address}:${e.port}`).join(", ");
  if (service.endpoints.length === 0) {
    return [
      viaGateways.fail(place, `${service.service} has no endpoint here`, {
        reason: "requests to it fail with 503, no healthy upstream",
        cause: "istiod does not read the peer, or knows no gateway of its network: the findings under discovery, identity and gateways say which",
        remedy: "mend those first, then check again",
      }),
    ];
  }
  const raw = service.endpoints.filter((e) => !(gateways.has(e.address) && e.port === CROSS_NETWORK_PORT));
  if (raw.length === 0) return [viaGateways.pass(place, `${service.service} at ${seen}`)];
  const pods = raw.filter((e) => peers.some((peer) => peer.state.podCidrs.some((cidr) => inside(e.address, cidr))));
  const kind = pods.length > 0 ? "pod addresses of another network" : "no address of the peer's gateways";
  return [
    viaGateways.fail(place, `${service.service} at ${raw.map((e) => `${e.address}:${e.port}`).join(", ")}: ${kind}`, {
      reason: "nothing routes to these addresses from here: requests hang and end with 503",
      cause: "istiod knows no gateway of the peer's network, or took the pods for its own network's",
      remedy: "label istio-system and the east-west gateway's Service in the peer with its network: ./mesh up",
    }),
  ];
}

function inside(address: string, cidr: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  const range = ipaddr.parseCIDR(cidr);
  return parsed.kind() === range[0].kind() && parsed.match(range);
}
