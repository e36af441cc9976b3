import type { Result } from "../facts";
import type { Kube } from "../kube";
import type { LocatedEndpoint, RemoteServiceFacts, SharedServiceFacts } from "../routing-facts";
import { type ClustersPage, readClustersPage } from "./proxy-pages";
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
  const page = alone.size + shared.size === 0 ? ({ ok: true, value: {} } as const) : await gatherPage(kube, proxy);
  const read = <T>(size: number, from: (page: ClustersPage) => T[]): Result<T[] | undefined> => {
    if (size === 0) return { ok: true, value: [] };
    return page.ok ? { ok: true, value: page.value && from(page.value) } : page;
  };
  return {
    remoteServices: read(alone.size, (found) => remoteServices(found, alone)),
    sharedServices: read(shared.size, (found) => sharedServices(found, shared)),
  };
}

async function gatherPage(kube: Kube, proxy: Result<Pod | undefined>): Promise<Result<ClustersPage | undefined>> {
  if (!proxy.ok || proxy.value === undefined) return proxy as Result<undefined>;
  const { name, namespace = "default" } = proxy.value.metadata;
  return attempt(() => readClustersPage(kube, namespace, name));
}

/** What one proxy's `/clusters` page says about the services `elsewhere`, which maps each to the keys of its clusters. */
export function remoteServices(page: ClustersPage, elsewhere: ReadonlyMap<string, readonly string[]>): RemoteServiceFacts[] {
  const found = new Map<string, RemoteServiceFacts>();
  for (const status of page.cluster_statuses ?? []) {
    const host = serviceOf(status.name);
    const clusters = host === undefined ? undefined : elsewhere.get(host);
    if (host === undefined || clusters === undefined) continue;
    const addresses = (status.host_statuses ?? []).flatMap((h) => h.address?.socket_address ?? []);
    const endpoints = addresses.map((a) => ({ address: a.address, port: a.port_value }));
    found.set(host, { service: host, clusters, endpoints: [...(found.get(host)?.endpoints ?? []), ...endpoints] });
  }
  return [...found.values()];
}

/** What one proxy's `/clusters` page says about services that are here and elsewhere. @param shared their names, as `name.namespace`. */
export function sharedServices(page: ClustersPage, shared: ReadonlySet<string>): SharedServiceFacts[] {
  const found = new Map<string, LocatedEndpoint[]>();
  for (const status of page.cluster_statuses ?? []) {
    const service = serviceOf(status.name);
    if (service === undefined || !shared.has(service)) continue;
    const endpoints = (status.host_statuses ?? []).flatMap(({ address, locality, priority = 0 }): LocatedEndpoint[] => {
      const at = address?.socket_address?.address;
      return at === undefined ? [] : [{ address: at, ...(locality?.region ? { region: locality.region } : {}), priority }];
    });
    found.set(service, [...(found.get(service) ?? []), ...endpoints]);
  }
  return [...found].map(([service, endpoints]) => ({ service, endpoints }));
}

/** The service, as `name.namespace`, of an Envoy cluster that leads to one; not of those for its subsets. */
function serviceOf(cluster: string): string | undefined {
  return /^outbound\|\d+\|\|([^.]+\.[^.]+)\.svc\./.exec(cluster)?.[1];
}
