import type { Got, RemoteServiceFacts } from "../facts";
import type { Kube } from "../kube";
import { attempt, type EndpointSlice, type Pod } from "./resources";

const ENVOY_ADMIN = 15000;

/** By `name.namespace`: the ready addresses behind a service in one cluster. Services without any are left out. */
export function readyAddresses(slices: readonly EndpointSlice[]): Map<string, string[]> {
  const services = new Map<string, string[]>();
  for (const slice of slices) {
    const name = slice.metadata.labels?.["kubernetes.io/service-name"];
    const ready = (slice.endpoints ?? []).filter((e) => e.conditions?.ready !== false).flatMap((e) => e.addresses);
    if (name === undefined || ready.length === 0) continue;
    const key = `${name}.${slice.metadata.namespace ?? "default"}`;
    services.set(key, [...(services.get(key) ?? []), ...ready]);
  }
  return services;
}

interface ClustersPage {
  cluster_statuses?: { name: string; host_statuses?: { address?: { socket_address?: { address: string; port_value: number } } }[] }[];
}

/**
 * For each service that has endpoints in other clusters and none here: the endpoints that a proxy here has for it.
 * Services whose pods are outside the mesh in their own cluster are no business of the gateways and are left out.
 */
export async function gatherRemoteServices(
  kube: Kube,
  proxy: Pod | undefined,
  elsewhere: ReadonlyMap<string, readonly string[]>,
): Promise<Got<RemoteServiceFacts[]>> {
  return attempt(async () => {
    if (elsewhere.size === 0) return [];
    if (proxy === undefined) throw new Error("the cluster has no ready proxy to read endpoints from");
    const { name, namespace = "default" } = proxy.metadata;
    const page = JSON.parse(await kube.podGet(namespace, name, ENVOY_ADMIN, "/clusters?format=json")) as ClustersPage;
    return remoteServices(page, elsewhere);
  });
}

/** What one proxy's `/clusters` page says of the services `elsewhere`, which maps each to the keys of its clusters. */
export function remoteServices(page: ClustersPage, elsewhere: ReadonlyMap<string, readonly string[]>): RemoteServiceFacts[] {
  const found = new Map<string, RemoteServiceFacts>();
  for (const status of page.cluster_statuses ?? []) {
    const host = /^outbound\|\d+\|\|([^.]+\.[^.]+)\.svc\./.exec(status.name)?.[1];
    const clusters = host === undefined ? undefined : elsewhere.get(host);
    if (host === undefined || clusters === undefined) continue;
    const addresses = (status.host_statuses ?? []).flatMap((h) => h.address?.socket_address ?? []);
    const endpoints = addresses.map((a) => ({ address: a.address, port: a.port_value }));
    found.set(host, { service: host, clusters, endpoints: [...(found.get(host)?.endpoints ?? []), ...endpoints] });
  }
  return [...found.values()];
}
