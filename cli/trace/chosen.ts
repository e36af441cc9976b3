import { type ProxyCluster, type ProxyEndpoint } from "../verify/gather/proxy-pages";
import { type Place, whereIs } from "../live/places";
import { slashed } from "../verify/gather/resources";
import type { LogLine } from "./access-log";
import type { Trace, Where } from "./schema";
import type { ClientSeen } from "./seen";

type Chosen = NonNullable<Trace["route"]["chosen"]>;

/** What is known of the endpoint that got the request. */
export type Choice =
  | { readonly kind: "known"; readonly chosen: Chosen }
  /** The proxy says that it sent the request nowhere. */
  | { readonly kind: "none" }
  | { readonly kind: "unseen"; readonly why: string };

/** Where an address is, seen from the client's cluster. @param address with its port. */
export function describe(address: string, client: Place, places: readonly Place[]): Where {
  const at = address.lastIndexOf(":");
  const found = whereIs(address.slice(0, at).replace(/^\[|\]$/g, ""), Number(address.slice(at + 1)), client, places);
  if (found === undefined) return { kind: "unknown" };
  return { kind: found.kind, cluster: found.cluster, name: found.kind === "pod" ? slashed(found.pod.metadata) : found.name };
}

/** Every endpoint that a proxy has for the service and port, each once. */
export function candidatesOf(clusters: readonly ProxyCluster[] = []): ProxyEndpoint[] {
  const all = clusters.flatMap(({ endpoints }) => endpoints);
  return all.filter((one, index) => all.findIndex((other) => addressOf(other) === addressOf(one)) === index);
}

export function addressOf({ address, port }: Pick<ProxyEndpoint, "address" | "port">): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The endpoint that got the request: as the access log says, else the only one whose counter rose. */
export function choose(line: LogLine | undefined, { place, before, after }: ClientSeen, places: readonly Place[]): Choice {
  const known = (address: string, source: Chosen["source"]): Choice => ({ kind: "known", chosen: { address, where: describe(address, place, places), source } });
  if (line !== undefined) return line.endpoint === undefined ? { kind: "none" } : known(line.endpoint, "access log");
  if (before === undefined || after === undefined) return { kind: "unseen", why: "its proxy did not tell what it has sent to which endpoint" };
  const risen = risenOf(before, after);
  const [only, ...others] = risen;
  if (only === undefined) return { kind: "none" };
  if (others.length > 0) return { kind: "unseen", why: `its proxy sent requests to ${risen.join(" and ")} meanwhile, and its counters do not tell which was this one` };
  return known(only, "counters");
}

/** Addresses of the endpoints that got requests in between. */
function risenOf(before: readonly ProxyCluster[], after: readonly ProxyCluster[]): string[] {
  const risen = after.flatMap(({ name, endpoints }) => {
    const earlier = before.find((cluster) => cluster.name === name)?.endpoints ?? [];
    return endpoints.filter((one) => one.requests > (earlier.find((other) => addressOf(other) === addressOf(one))?.requests ?? 0)).map(addressOf);
  });
  return [...new Set(risen)];
}
