import type { Result } from "../facts";
import type { Kube } from "../kube";
import type { LocatedEndpoint, RemoteServiceFacts, SharedServiceFacts } from "../routing-facts";
import { proxiedService, type ProxyCluster, readProxyClusters } from "./proxy-pages";
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

/** Services of the mesh that have endpoints in other clusters. Only those with pods in the mesh: gateways lead to no others. */
export interface Elsewhere {
  /** Those with none here: keys of the clusters by service. */
  readonly alone: ReadonlyMap<string, readonly string[]>;
  /** Those with endpoints here as well. */
  readonly shared: ReadonlySet<string>;
}

/** What a proxy here has for services with endpoints in other clusters. Undefined without a proxy. */
export async function gatherRouting(
  kube: Kube,
  proxy: Result<Pod | undefined>,
  { alone, shared }: Elsewhere,
): Promise<{ remoteServices: Result<RemoteServiceFacts[] | undefined>; sharedServices: Result<SharedServiceFacts[] | undefined> }> {
  const clusters = alone.size + shared.size === 0 ? ({ ok: true, value: [] } as const) : await gatherClusters(kube, proxy);
  const read = <T>(size: number, from: (clusters: readonly ProxyCluster[]) => T[]): Result<T[] | undefined> => {
    if (size === 0) return { ok: true, value: [] };
    return clusters.ok ? { ok: true, value: clusters.value && from(clusters.value) } : clusters;
  };
  return {
    remoteServices: read(alone.size, (found) => remoteServices(found, alone)),
    sharedServices: read(shared.size, (found) => sharedServices(found, shared)),
  };
}

async function gatherClusters(kube: Kube, proxy: Result<Pod | undefined>): Promise<Result<readonly ProxyCluster[] | undefined>> {
  if (!proxy.ok || proxy.value === undefined) return proxy as Result<undefined>;
  const pod = proxy.value;
  return attempt(() => readProxyClusters(kube, pod));
}

/** What one proxy's clusters say about the services `elsewhere`, which maps each to the keys of its clusters. Subsets are left out. */
export function remoteServices(proxyClusters: readonly ProxyCluster[], elsewhere: ReadonlyMap<string, readonly string[]>): RemoteServiceFacts[] {
  return byService(proxyClusters, (service) => elsewhere.has(service)).map(({ service, endpoints }) => ({
    service,
    clusters: elsewhere.get(service) ?? [],
    endpoints: endpoints.map(({ address, port }) => ({ address, port })),
  }));
}

/** What they say about services that are here and elsewhere. @param shared their names, as `name.namespace`. */
export function sharedServices(proxyClusters: readonly ProxyCluster[], shared: ReadonlySet<string>): SharedServiceFacts[] {
  return byService(proxyClusters, (service) => shared.has(service)).map(({ service, endpoints }) => ({
    service,
    endpoints: endpoints.map(({ address, region, priority }): LocatedEndpoint => ({ address, ...(region === undefined ? {} : { region }), priority })),
  }));
}

/** The services that are wanted, each once with the endpoints of all its ports. */
function byService(proxyClusters: readonly ProxyCluster[], isWanted: (service: string) => boolean): { service: string; endpoints: ProxyCluster["endpoints"] }[] {
  const found = new Map<string, ProxyCluster["endpoints"]>();
  for (const { name, endpoints } of proxyClusters) {
    const of = proxiedService(name);
    if (of === undefined || of.subset !== undefined || !isWanted(of.service)) continue;
    found.set(of.service, [...(found.get(of.service) ?? []), ...endpoints]);
  }
  return [...found].map(([service, endpoints]) => ({ service, endpoints }));
}
