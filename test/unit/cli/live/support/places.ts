import { KubeConfig } from "@kubernetes/client-node";
import type { Place } from "../../../../../cli/live/places";
import type { EndpointSlice, Pod, Service } from "../../../../../cli/verify/gather/resources";
import { pod, FakeKube } from "../../verify/support/fake-cluster";

/** What a test says of a place. */
export interface Change {
  readonly network?: string;
  /** Address of its gateway between networks; there is none unless given. */
  readonly gateway?: string;
  readonly pods?: readonly Pod[];
  readonly services?: readonly Service[];
  readonly slices?: readonly EndpointSlice[];
}

/** A cluster that was read, and its API server, at which nothing is. */
export function place(key: string, { network = `${key}-network`, gateway, pods = [], services = [], slices = [] }: Change = {}): Place & { readonly kube: FakeKube } {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: "none", server: "http://127.0.0.1:1", skipTLSVerify: true }, { name: "none" });
  const kube = new FakeKube(config, 1000);
  const selector = { istio: "eastwestgateway" };
  const gatewayPod = pod(`eastwest-${key}`, { namespace: "istio-system", labels: selector, containers: ["istio-proxy"], ip: "10.99.0.1" });
  return {
    kube,
    target: { key, kube, kubectl: `kubectl --context ${key}`, timeoutMs: 1000 },
    network,
    pods: gateway === undefined ? pods : [...pods, gatewayPod],
    services,
    slices,
    gateways: gateway === undefined ? [] : [{ name: "istio-system/istio-eastwestgateway", network, addresses: [gateway], hasPort15443: true, selector, readyPods: 1 }],
  };
}
