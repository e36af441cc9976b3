/**
 * Names that do not depend on anything but the settings. A child's Pulumi name is its identity: a change here needs an
 * alias in the component that uses it.
 */

/** Namespace of the control plane, its gateways and the remote Secrets. */
export const ISTIO_NAMESPACE = "istio-system";
/** Namespace of MetalLB. */
export const METALLB_NAMESPACE = "metallb-system";
/** Namespace of the demo workloads. */
export const DEMO_NAMESPACE = "istioinaction";
/** Host under which the demo's webapp is asked for. */
export const DEMO_HOST = "webapp.istioinaction.io";
/** Secret from which istiod takes its signing certificate. The name is Istio's. */
export const CACERTS_SECRET = "cacerts";
/** ServiceAccount whose token peers read with. The name is the base chart's. */
export const READER_SERVICE_ACCOUNT = "istio-reader-service-account";
/** Release and Service of the ingress gateway; the chart labels its pods `istio: ingressgateway`. */
export const INGRESS_GATEWAY = "istio-ingressgateway";
/** Release and Service of the east-west gateway; the chart labels its pods `istio: eastwestgateway`. */
export const EAST_WEST_GATEWAY = "istio-eastwestgateway";
/** Istio Gateway through which other networks come in. */
export const CROSS_NETWORK_GATEWAY = "cross-network-gateway";
/** Port at which an east-west gateway takes requests from other networks and passes them on unopened. */
export const CROSS_NETWORK_PORT = 15443;
/** Label that carries a network's name on the namespace, the gateways and the pods. */
export const NETWORK_LABEL = "topology.istio.io/network";
/** Label that makes istiod read a Secret as credentials of other clusters; its value is `"true"`. */
export const REMOTE_SECRET_LABEL = "istio/multiCluster";
/** MetalLB's pool and its advertisement. */
export const ADDRESS_POOL = "usmesh";
/** Port of the API server inside a kind node. */
export const KIND_API_PORT = 6443;

/** Pulumi names of the components, from a cluster's key or from nothing. */
export const componentNames = {
  cluster: (key: string) => key,
  metallb: (key: string) => `${key}-metallb`,
  istio: (key: string) => `${key}-istio`,
  eastWest: (key: string) => `${key}-eastwest`,
  trust: "trust",
  peering: "peering",
  network: "docker",
  client: "client",
  demo: "demo",
} as const;

/** Name of the Secret that holds a cluster's access to all other members: one a cluster, whatever their number. */
export function remoteSecretName(mesh: string): string {
  return `istio-remote-secret-${mesh}`;
}

/** Container of a kind cluster's only node. */
export function kindNode(kindName: string): string {
  return `${kindName}-control-plane`;
}

/** Istio's name for a cluster that does not set its own. */
export function defaultClusterName(key: string): string {
  return `${key}-cluster`;
}

/** Istio's name for the network of a cluster that does not set its own. */
export function defaultNetwork(key: string): string {
  return `${key}-network`;
}

/** Region of a cluster that does not set its own. */
export function defaultRegion(key: string): string {
  return `${key}us`;
}
