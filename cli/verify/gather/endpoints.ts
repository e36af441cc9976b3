import type { RemoteServiceFacts, Result } from "../facts";
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
 * For each service that has endpoints in other clusters and none here: the endpoints that a proxy here has for it. Undefined without a proxy.
 * @param elsewhere keys of the clusters by service. Only services with pods in the mesh: gateways lead to no others.
 */
export async function gatherRemoteServices(
  kube: Kube,
  proxy: Result<Pod | undefined>,
  elsewhere: ReadonlyMap<string, readonly string[]>,
): Promise<Result<RemoteServiceFacts[] | undefined>> {
  if (elsewhere.size === 0) return { ok: true, value: [] };
  if (!proxy.ok || proxy.value === undefined) return proxy as Result<undefined>;
  const { name, namespace = "default" } = proxy.value.metadata;
  return attempt(async () => {
    const page = JSON.parse(await kube.podGet(namespace, name, ENVOY_ADMIN, "/clusters?format=json")) as ClustersPage;
    return remoteServices(page, elsewhere);
  });
}

/** What one proxy's `/clusters` page says about the services `elsewhere`, which maps each to the keys of its clusters. */
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
