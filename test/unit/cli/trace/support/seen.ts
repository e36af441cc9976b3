import { parseLine, type LogLine } from "../../../../../cli/trace/access-log";
import type { LogSeen, Seen, ServerSeen } from "../../../../../cli/trace/seen";
import type { ProxyCluster } from "../../../../../cli/verify/gather/proxy-pages";
import { place } from "../../live/support/places";
import { pod } from "../../verify/support/fake-cluster";

export const ID = "usmesh-0123456789abcdef";
export const SNI = "outbound_.80_._.catalog.shop.svc.cluster.local";
export const CLUSTER = "outbound|80||catalog.shop.svc.cluster.local";
/** The gateway of east, and pods behind the service. */
export const GATEWAY = "192.0.2.2:15443";
export const NEAR = "10.10.0.7:3000";

/** A line of an access log as Istio writes it. */
export interface Written {
  readonly status?: number;
  readonly flags?: string;
  readonly details?: string;
  readonly failure?: string;
  readonly duration?: number;
  readonly upstream?: number;
  readonly id?: string;
  readonly authority?: string;
  readonly endpoint?: string;
  readonly cluster?: string;
  readonly peer?: string;
  readonly sni?: string;
}

/** @returns the line; what is not said is `-`. */
export function written({ status = 200, flags = "-", details = "via_upstream", failure = "-", duration = 9, upstream, id = ID, authority = "catalog.shop:80", endpoint = "-", cluster = CLUSTER, peer = "10.10.0.5:41234", sni = "-" }: Written): string {
  return (
    `[2026-01-02T03:04:05.678Z] "GET / HTTP/1.1" ${status} ${flags} ${details} - "${failure}" 0 268 ${duration} ${upstream ?? "-"} "-" "curl/8.14.1" ` +
    `"${id}" "${authority}" "${endpoint}" ${cluster} 10.10.0.5:41236 240.240.0.1:80 ${peer} ${sni} default`
  );
}

export const outbound = (line: Written): LogSeen => lines({ outbound: [line] });
export const inbound = (line: Written): LogSeen => lines({ inbound: [{ cluster: "inbound|3000||", ...line }] });

export function lines({ outbound: out = [], inbound: into = [], others = [] }: { outbound?: Written[]; inbound?: Written[]; others?: string[] }): LogSeen {
  const read = (all: Written[]): LogLine[] => all.map((line) => parseLine(written(line))!);
  return { kind: "lines", outbound: read(out), inbound: read(into), others };
}

/** What the client's proxy has for the service: endpoints, with the requests that each got. */
export function endpoints(...all: (readonly [address: string, requests: number])[]): ProxyCluster[] {
  return [{ name: CLUSTER, endpoints: all.map(([address, requests]) => ({ address: address.split(":")[0] ?? "", port: Number(address.split(":")[1]), priority: 0, usable: true, requests })) }];
}

export const webapp = pod("webapp-1", { ip: "10.10.0.5" });
export const near = pod("catalog-near", { ip: "10.10.0.7" });
export const far = [pod("catalog-1", { ip: "10.20.0.7" }), pod("catalog-2", { ip: "10.20.0.8" })] as const;

const west = place("west", { pods: [webapp, near], gateway: "192.0.2.1" });
const east = place("east", { pods: far, gateway: "192.0.2.2" });

/** A pod in east that may have got the request. */
export function server(index: 0 | 1, change: Partial<ServerSeen> = {}): ServerSeen {
  return { cluster: "east", pod: far[index], identity: "spiffe://cluster.local/ns/shop/sa/catalog", log: { kind: "nothing", writes: true }, ...change };
}

/** A pod in west that may have got it. */
export function nearServer(change: Partial<ServerSeen> = {}): ServerSeen {
  return { cluster: "west", pod: near, identity: "spiffe://cluster.local/ns/shop/sa/catalog", log: { kind: "nothing", writes: true }, ...change };
}

/** What was seen of a request from webapp in west to catalog, of which nothing was seen yet. */
export function seen({ client, ...change }: Partial<Omit<Seen, "client">> & { client?: Partial<Seen["client"]> } = {}): Seen {
  return {
    time: "2026-01-02T03:04:05.678Z",
    id: ID,
    url: "http://catalog.shop:80/",
    sent: { by: "curl", status: 200, body: "{}", lookupMs: 1, totalMs: 14 },
    client: {
      name: { cluster: "west", namespace: "shop", workload: "webapp" },
      place: west,
      pod: webapp,
      identity: "spiffe://cluster.local/ns/shop/sa/webapp",
      log: { kind: "nothing", writes: true },
      config: { sni: SNI, identities: ["spiffe://cluster.local/ns/shop/sa/catalog"] },
      ...client,
    },
    service: { name: "catalog.shop", port: 80, addresses: new Map([["east", ["10.20.0.7", "10.20.0.8"]]]) },
    servers: [],
    refused: [],
    places: [west, east],
    unread: new Map(),
    ...change,
  };
}
