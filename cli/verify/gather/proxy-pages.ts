import type { Kube } from "../kube";
import type { Pod } from "./resources";

/** Port at which a proxy's Envoy answers questions, on the pod's loopback. */
const ENVOY_ADMIN = 15000;

/** What Envoy's page `/clusters?format=json` holds. Anything may be absent. */
export interface ClustersPage {
  readonly cluster_statuses?: readonly { readonly name: string; readonly host_statuses?: readonly HostStatus[] }[];
}

interface HostStatus {
  readonly address?: { readonly socket_address?: { readonly address: string; readonly port_value: number } };
  readonly stats?: readonly { readonly name: string; readonly value?: string }[];
  readonly health_status?: { readonly eds_health_status?: string } & Readonly<Record<string, unknown>>;
  readonly locality?: { readonly region?: string };
  readonly priority?: number;
}

/** What a proxy calls a cluster: the endpoints of one port of one service, for one subset of it. */
export interface ProxyCluster {
  /** Such as `outbound|80||catalog.istioinaction.svc.cluster.local`. */
  readonly name: string;
  readonly endpoints: readonly ProxyEndpoint[];
}

/** One endpoint as a proxy knows it. */
export interface ProxyEndpoint {
  readonly address: string;
  readonly port: number;
  /** Region of the node that it runs on; undefined where istiod knows none. */
  readonly region?: string;
  /** 0 is asked first; the others only as far as those before are not healthy. */
  readonly priority: number;
  /** Whether the proxy sends requests to it: istiod calls it healthy and it was not ejected. */
  readonly usable: boolean;
  /** Requests that this proxy has sent to it since the proxy began. */
  readonly requests: number;
}

/** What Envoy's page `/config_dump` holds of one resource. Anything may be absent. */
export interface ConfigDump<T> {
  readonly configs?: readonly T[];
}

/** A pod whose proxy is asked. */
type Asked = Pick<Pod, "metadata">;

/** Reads the clusters of a pod's proxy, those without an endpoint included. @throws KubeError when the pod does not answer. */
export async function readProxyClusters(kube: Kube, pod: Asked): Promise<ProxyCluster[]> {
  return proxyClustersOf(await readPage<ClustersPage>(kube, pod, "/clusters?format=json"));
}

/**
 * Reads a part of the configuration of a pod's proxy.
 *
 * @param resource such as `dynamic_active_clusters`.
 * @param regex a regular expression for the names of what is read. Default: everything.
 * @throws KubeError when the pod does not answer.
 */
export async function readConfigDump<T>(kube: Kube, pod: Asked, resource: string, regex?: string): Promise<ConfigDump<T>> {
  return readPage(kube, pod, `/config_dump?resource=${resource}${regex === undefined ? "" : `&name_regex=${encodeURIComponent(regex)}`}`);
}

async function readPage<T>(kube: Kube, { metadata: { name, namespace = "default" } }: Asked, page: string): Promise<T> {
  return JSON.parse(await kube.podGet(namespace, name, ENVOY_ADMIN, page)) as T;
}

/** The clusters of the page, those without an endpoint included. */
export function proxyClustersOf(page: ClustersPage): ProxyCluster[] {
  return (page.cluster_statuses ?? []).map(({ name, host_statuses: hosts = [] }) => ({ name, endpoints: hosts.flatMap(endpointOf) }));
}

function endpointOf({ address, stats = [], health_status: health = {}, locality, priority = 0 }: HostStatus): ProxyEndpoint[] {
  const socket = address?.socket_address;
  if (socket === undefined) return [];
  const requests = Number(stats.find((stat) => stat.name === "rq_total")?.value ?? 0);
  const { eds_health_status: said, ...failed } = health;
  const usable = (said === undefined || said === "HEALTHY") && !Object.values(failed).includes(true);
  return [{ address: socket.address, port: socket.port_value, ...(locality?.region ? { region: locality.region } : {}), priority, usable, requests }];
}

/** The service that an outbound cluster leads to. */
export interface ProxiedService {
  /** `name.namespace`. */
  readonly service: string;
  readonly port: number;
  /** Name of the subset, where the cluster is one's. */
  readonly subset?: string;
}

/** The service that a cluster of a proxy leads to; undefined for what is not a service's. @param cluster its name. */
export function proxiedService(cluster: string): ProxiedService | undefined {
  const [, port, subset, service] = /^outbound\|(\d+)\|([^|]*)\|([^.]+\.[^.]+)\.svc\./.exec(cluster) ?? [];
  return service === undefined ? undefined : { service, port: Number(port), ...(subset ? { subset } : {}) };
}
