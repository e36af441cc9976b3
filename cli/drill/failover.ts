import { type ConfigDump, type ProxyCluster, readConfigDump, readProxyClusters } from "../verify/gather/proxy-pages";
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

interface ConfiguredCluster {
  readonly cluster?: { readonly name?: string; readonly outlier_detection?: object };
}

/** Reads it from a client's sidecar. @param service a Service with backends in both clusters. */
export async function readFailover(kube: Kube, pod: string, service: string): Promise<Failover> {
  const name = `outbound|${SERVER_PORT}||${serviceHost(service, NAMESPACE)}`;
  const client = { metadata: { name: pod, namespace: NAMESPACE } };
  const [dump, clusters] = await Promise.all([readConfigDump<ConfiguredCluster>(kube, client, "dynamic_active_clusters"), readProxyClusters(kube, client)]);
  return failoverIn(name, dump, clusters);
}

/** What a proxy says of one of its clusters. */
export function failoverIn(name: string, { configs = [] }: ConfigDump<ConfiguredCluster>, clusters: readonly ProxyCluster[]): Failover {
  const config = configs.find(({ cluster }) => cluster?.name === name)?.cluster;
  const endpoints = clusters.find((cluster) => cluster.name === name)?.endpoints ?? [];
  const priorities = new Set(endpoints.map(({ priority }) => priority));
  return { outlierDetection: config?.outlier_detection !== undefined, locality: priorities.size > 1 };
}
