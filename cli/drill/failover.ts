import { type ClustersPage, ENVOY_ADMIN, readClustersPage } from "../verify/gather/proxy-pages";
import type { Kube } from "../verify/kube";
import { serviceHost } from "../verify/traffic/static-envoy";
import { NAMESPACE, SERVER_PORT } from "./names";

/** How the mesh lets requests for a Service of both clusters fail over, as the client's proxy knows it. */
export interface Failover {
  /** Whether a backend that fails is left out for a while. */
  readonly outlierDetection: boolean;
  /** Whether backends in the client's region come first. */
  readonly locality: boolean;
}

interface ConfigDump {
  readonly configs?: readonly { readonly cluster?: { readonly name?: string; readonly outlier_detection?: object } }[];
}

/** Reads it from a client's sidecar. @param service a Service with backends in both clusters. */
export async function readFailover(kube: Kube, pod: string, service: string): Promise<Failover> {
  const name = `outbound|${SERVER_PORT}||${serviceHost(service, NAMESPACE)}`;
  const [dump, clusters] = await Promise.all([
    kube.podGet(NAMESPACE, pod, ENVOY_ADMIN, "/config_dump?resource=dynamic_active_clusters"),
    readClustersPage(kube, NAMESPACE, pod),
  ]);
  return failoverIn(name, JSON.parse(dump) as ConfigDump, clusters);
}

/** What a proxy's pages say of one of its clusters. */
export function failoverIn(name: string, dump: ConfigDump, page: ClustersPage): Failover {
  const config = dump.configs?.find(({ cluster }) => cluster?.name === name)?.cluster;
  const hosts = page.cluster_statuses?.find((status) => status.name === name)?.host_statuses ?? [];
  const priorities = new Set(hosts.map(({ priority = 0 }) => priority));
  return { outlierDetection: config?.outlier_detection !== undefined, locality: priorities.size > 1 };
}
