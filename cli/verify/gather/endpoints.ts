import { type ProxyCluster, readClusters, serviceOf } from "../../live/clusters-page";
import type { RemoteServiceFacts, Result } from "../facts";
import type { Kube } from "../kube";
import { attempt, type EndpointSlice, type Pod } from "./resources";

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
  const pod = proxy.value;
  return attempt(async () => remoteServices(await readClusters(kube, pod), elsewhere));
}

/** What one proxy's clusters say about the services `elsewhere`, which maps each to the keys of its clusters. Subsets are left out. */
export function remoteServices(proxyClusters: readonly ProxyCluster[], elsewhere: ReadonlyMap<string, readonly string[]>): RemoteServiceFacts[] {
  const found = new Map<string, RemoteServiceFacts>();
  for (const cluster of proxyClusters) {
    const host = /^outbound\|\d+\|\|/.test(cluster.name) ? serviceOf(cluster.name)?.service : undefined;
    const clusters = host === undefined ? undefined : elsewhere.get(host);
    if (host === undefined || clusters === undefined) continue;
    const endpoints = cluster.endpoints.map(({ address, port }) => ({ address, port }));
    found.set(host, { service: host, clusters, endpoints: [...(found.get(host)?.endpoints ?? []), ...endpoints] });
  }
  return [...found.values()];
}
