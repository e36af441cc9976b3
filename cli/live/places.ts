import type { GatewayService } from "../verify/facts";
import { hasSidecar } from "../verify/gather/cluster";
import { gatewayServices } from "../verify/gather/gateways";
import { type EndpointSlice, isReady, type Namespace, type Pod, selects, type Service } from "../verify/gather/resources";
import type { Target } from "../verify/targets";
import { isRunNamespace } from "../verify/traffic/objects";
import { CROSS_NETWORK_PORT, NETWORK_LABEL } from "../../topology/names";

/** What runs in one cluster, and where requests can end there. */
export interface Place {
  readonly target: Target;
  /** Network of the cluster; undefined where its namespace istio-system has no label for it. */
  readonly network?: string;
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  /** The gateways through which other networks reach this cluster. */
  readonly gateways: readonly GatewayService[];
}

/** What an address is, seen from one cluster. */
export type Whereabouts =
  | { readonly kind: "gateway"; readonly cluster: string; /** `namespace/name` of its Service. */ readonly name: string }
  | { readonly kind: "pod"; readonly cluster: string; readonly pod: Pod };

/** Reads what runs in a cluster. What test workloads of these commands have made is left out. @throws Error where it may not be read. */
export async function readPlace(target: Target): Promise<Place> {
  const { kube } = target;
  const own = <T extends { metadata: { namespace?: string } }>(items: readonly T[]): T[] => items.filter(({ metadata }) => !isRunNamespace(metadata.namespace));
  const [system, pods, services, slices] = await Promise.all([
    kube.find<Namespace>("/api/v1/namespaces/istio-system"),
    kube.list<Pod>("/api/v1/pods").then(own),
    kube.list<Service>("/api/v1/services").then(own),
    kube.list<EndpointSlice>("/apis/discovery.k8s.io/v1/endpointslices").then(own),
  ]);
  return { target, network: system?.metadata.labels?.[NETWORK_LABEL], pods, services, slices, gateways: gatewayServices(services, pods) };
}

/**
 * What an endpoint of a proxy in `from` is. Networks may use the same pod addresses: a pod is looked for in the proxy's own cluster, then
 * in those of the same network.
 */
export function whereIs(address: string, port: number, from: Place, all: readonly Place[]): Whereabouts | undefined {
  const near = [from, ...all.filter((place) => place !== from && place.network !== undefined && place.network === from.network)];
  for (const place of port === CROSS_NETWORK_PORT ? all.filter((place) => !near.includes(place)) : []) {
    const gateway = place.gateways.find(({ addresses }) => addresses.includes(address));
    if (gateway) return { kind: "gateway", cluster: place.target.key, name: gateway.name };
  }
  for (const place of near) {
    const pod = podAt(place, address);
    if (pod) return { kind: "pod", cluster: place.target.key, pod };
  }
  return undefined;
}

/** The pod that has an address in a cluster. One on its node's own network has the node's, which it may share with others. */
export function podAt({ pods }: Place, address: string): Pod | undefined {
  return pods.find((pod) => pod.status?.podIP === address && pod.spec.hostNetwork !== true && pod.metadata.deletionTimestamp === undefined && pod.status.phase !== "Succeeded");
}

/** The ready pods with a proxy that sends requests on, that is all but those that pass TLS through between networks. */
export function sendingPods({ pods, gateways }: Place): Pod[] {
  const passesThrough = (pod: Pod): boolean => gateways.some(({ selector }) => selects(selector, pod.metadata.labels ?? {}));
  return pods.filter((pod) => hasSidecar(pod) && isReady(pod) && !passesThrough(pod));
}
