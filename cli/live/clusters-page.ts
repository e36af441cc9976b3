import type { Kube } from "../verify/kube";
import type { Pod } from "../verify/gather/resources";

/** Port of the admin pages of a proxy, on the pod's loopback alone. */
export const ENVOY_ADMIN = 15000;

/** What an Envoy's admin page `/clusters?format=json` holds. Anything may be absent. */
export interface ClustersPage {
  readonly cluster_statuses?: readonly {
    readonly name: string;
    readonly host_statuses?: readonly {
      readonly address?: { readonly socket_address?: { readonly address: string; readonly port_value: number } };
      readonly stats?: readonly { readonly name: string; readonly value?: string }[];
      readonly health_status?: { readonly eds_health_status?: string } & Readonly<Record<string, unknown>>;
    }[];
  }[];
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
  /** Whether the proxy sends requests to it: istiod calls it healthy and it was not ejected. */
  readonly usable: boolean;
  /** Requests that this proxy has sent to it since the proxy began. */
  readonly requests: number;
}

/** The proxy's clusters, those without an endpoint included. */
export function clustersOf(page: ClustersPage): ProxyCluster[] {
  return (page.cluster_statuses ?? []).map(({ name, host_statuses: hosts = [] }) => ({
    name,
    endpoints: hosts.flatMap(({ address, stats = [], health_status: health = {} }) => {
      const socket = address?.socket_address;
      if (socket === undefined) return [];
      const requests = Number(stats.find((stat) => stat.name === "rq_total")?.value ?? 0);
      const { eds_health_status: said, ...failed } = health;
      const usable = (said === undefined || said === "HEALTHY") && !Object.values(failed).includes(true);
      return [{ address: socket.address, port: socket.port_value, usable, requests }];
    }),
  }));
}

/** Reads them from the proxy of a pod. */
export async function readClusters(kube: Kube, { metadata: { name, namespace = "default" } }: Pod): Promise<ProxyCluster[]> {
  return clustersOf(JSON.parse(await kube.podGet(namespace, name, ENVOY_ADMIN, "/clusters?format=json")) as ClustersPage);
}

/** `name.namespace` of the service that an outbound cluster belongs to, and its port; undefined for what is not a service's. */
export function serviceOf(cluster: string): { readonly service: string; readonly port: number } | undefined {
  const [, port, service] = /^outbound\|(\d+)\|[^|]*\|([^.]+\.[^.]+)\.svc\./.exec(cluster) ?? [];
  return service === undefined ? undefined : { service, port: Number(port) };
}
