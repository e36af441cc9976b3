import type { GatewayFacts, GatewayService, PassthroughGateway } from "../facts";
import type { Kube } from "../kube";
import { type Gateway, isReady, type Pod, selects, type Service, slashed } from "./resources";

import { HOSTS_ANNOTATION } from "../../../topology/names";

const NETWORK = "topology.istio.io/network";
const CROSS_NETWORK_PORT = 15443;

/** The east-west gateways of a cluster and the Gateway resources that let them pass TLS through. */
export async function gatherGateways(kube: Kube, pods: readonly Pod[], services: readonly Service[]): Promise<GatewayFacts> {
  const gateways = await kube.list<Gateway>("/apis/networking.istio.io/v1/gateways");
  return { services: gatewayServices(services, pods), passthrough: passthroughOf(gateways) };
}

/** Services that istiod takes as gateways of a network: labelled with it and reachable from outside. */
export function gatewayServices(services: readonly Service[], pods: readonly Pod[]): GatewayService[] {
  return services.flatMap((service) => {
    const network = service.metadata.labels?.[NETWORK];
    if (network === undefined || service.spec.type !== "LoadBalancer") return [];
    const selector = service.spec.selector ?? {};
    const own = pods.filter((pod) => pod.metadata.namespace === service.metadata.namespace && selects(selector, pod.metadata.labels ?? {}));
    const ingress = service.status?.loadBalancer?.ingress ?? [];
    return [
      {
        name: slashed(service.metadata),
        network,
        addresses: [...ingress.map((i) => i.ip ?? i.hostname ?? "").filter((a) => a !== ""), ...(service.spec.externalIPs ?? [])],
        hasPort15443: service.spec.ports?.some((p) => p.port === CROSS_NETWORK_PORT) ?? false,
        selector,
        readyPods: own.filter(isReady).length,
      },
    ];
  });
}

/** The Gateway resources with an AUTO_PASSTHROUGH server on 15443. */
export function passthroughOf(gateways: readonly Gateway[]): PassthroughGateway[] {
  return gateways.flatMap((gateway) => {
    const servers = (gateway.spec?.servers ?? []).filter((s) => s.port?.number === CROSS_NETWORK_PORT && s.tls?.mode === "AUTO_PASSTHROUGH");
    if (servers.length === 0) return [];
    const intended = gateway.metadata.annotations?.[HOSTS_ANNOTATION]?.split(",");
    return [{ name: slashed(gateway.metadata), selector: gateway.spec?.selector ?? {}, hosts: servers.flatMap((s) => s.hosts ?? []), ...(intended && { intended }) }];
  });
}
