import type { Kube } from "../verify/kube";
import { serviceHost } from "../verify/traffic/static-envoy";
import { NAMESPACE, SERVER_PORT } from "./names";

/** Port of the sidecar's own Envoy for questions. */
const SIDECAR_ADMIN = 15000;

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

interface ClustersPage {
  readonly cluster_statuses?: readonly { readonly name?: string; readonly host_statuses?: readonly { readonly priority?: number }[] }[];
}

/** Reads it from a client's sidecar. @param service a Service with backends in both clusters. */
export async function readFailover(kube: Kube, pod: string, service: string): Promise<Failover> {
  const name = `outbound|${SERVER_PORT}||${serviceHost(service, NAMESPACE)}`;
  const [dump, clusters] = await Promise.all([
    kube.podGet(NAMESPACE, pod, SIDECAR_ADMIN, "/config_dump?resource=dynamic_active_clusters"),
    kube.podGet(NAMESPACE, pod, SIDECAR_ADMIN, "/clusters?format=json"),
  ]);
  return failoverIn(name, JSON.parse(dump) as ConfigDump, JSON.parse(clusters) as ClustersPage);
}

/** What a proxy's pages say of one of its clusters. */
export function failoverIn(name: string, dump: ConfigDump, page: ClustersPage): Failover {
  const config = dump.configs?.find(({ cluster }) => cluster?.name === name)?.cluster;
  const hosts = page.cluster_statuses?.find((status) => status.name === name)?.host_statuses ?? [];
  const priorities = new Set(hosts.map(({ priority = 0 }) => priority));
  return { outlierDetection: config?.outlier_detection !== undefined, locality: priorities.size > 1 };
}
