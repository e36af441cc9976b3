import type { Kube } from "../kube";

/** Port at which a proxy's Envoy answers questions, on the pod's loopback. */
export const ENVOY_ADMIN = 15000;

/** A proxy's endpoints by cluster, as Envoy's page `/clusters` has them. */
export interface ClustersPage {
  cluster_statuses?: { name: string; host_statuses?: HostStatus[] }[];
}

interface HostStatus {
  address?: { socket_address?: { address: string; port_value: number } };
  locality?: { region?: string };
  priority?: number;
}

/** Reads that page of a pod's proxy. @throws KubeError when the pod does not answer. */
export async function readClustersPage(kube: Kube, namespace: string, pod: string): Promise<ClustersPage> {
  return JSON.parse(await kube.podGet(namespace, pod, ENVOY_ADMIN, "/clusters?format=json")) as ClustersPage;
}
