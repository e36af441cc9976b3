/**
 * Names that do not depend on anything but the settings, each in one place. A child's Pulumi name is its identity: a change to
 * `componentNames` needs an alias in the component that uses it.
 */

/** Namespace of the control plane, its gateways and the remote Secrets. */
export const ISTIO_NAMESPACE = "istio-system";
/** Annotation of the control plane's namespace that a stack created: the stack, as `organization/project/stack`. */
export const OWNER_ANNOTATION = "usmesh.io/stack";
/** The same for a namespace that was there before, and stays when the stack is removed. */
export const ADOPTED_ANNOTATION = "usmesh.io/adopted-by";
/** Namespace whose UID identifies a cluster: Kubernetes creates it with the cluster, and it is never deleted. */
export const CLUSTER_NAMESPACE = "kube-system";
/** Namespace of MetalLB. */
export const METALLB_NAMESPACE = "metallb-system";
/** Namespace of the demo workloads. */
export const DEMO_NAMESPACE = "istioinaction";
/** Namespace of Prometheus, Jaeger and Kiali. */
export const OBSERVABILITY_NAMESPACE = "usmesh-observability";
/** Host name of the demo's webapp. */
export const DEMO_HOST = "webapp.istioinaction.io";
/** Host name of the demo's simple-backend. */
export const BACKEND_HOST = "simple-backend.istioinaction.io";
/** Secret from which istiod takes its signing certificate. Istio sets the name. */
export const CACERTS_SECRET = "cacerts";
/** Name under which istiod serves, in the certificate of every intermediate. */
export const ISTIOD_DNS_NAME = `istiod.${ISTIO_NAMESPACE}.svc`;
/** ServiceAccount whose token peers read with. The chart `base` sets the name. */
export const READER_SERVICE_ACCOUNT = "istio-reader-service-account";
/** Type of a Secret that Kubernetes fills with the token of a ServiceAccount. */
export const SERVICE_ACCOUNT_TOKEN = "kubernetes.io/service-account-token";
/** Annotation of such a Secret: the name of the ServiceAccount. */
export const SERVICE_ACCOUNT_ANNOTATION = "kubernetes.io/service-account.name";
/** Release and Service of the ingress gateway. */
export const INGRESS_GATEWAY = "istio-ingressgateway";
/** Value of the label `istio` on the pods of the ingress gateway: the chart derives it from the name of the release. */
export const INGRESS_SELECTOR = "ingressgateway";
/** Release and Service of the east-west gateway. */
export const EAST_WEST_GATEWAY = "istio-eastwestgateway";
/** Value of the label `istio` on the pods of the east-west gateway: the chart derives it from the name of the release. */
export const EAST_WEST_SELECTOR = "eastwestgateway";
/** Istio DestinationRule for all services of the mesh. */
export const FAILOVER_RULE = "failover";

/** Name by which Istio's documentation calls a PeerAuthentication for the whole mesh. */
export const MESH_WIDE_POLICY = "default";

/** Istio Gateway for requests from other networks. */
export const CROSS_NETWORK_GATEWAY = "cross-network-gateway";

/** Every service of the mesh, as a host of Istio's resources. */
export const ALL_SERVICES = "*.local";

/** Hosts that other networks can reach by default. */
export const ALL_HOSTS: readonly string[] = [ALL_SERVICES];

/** Annotation of {@link CROSS_NETWORK_GATEWAY} with the hosts that it was created for, where they are not the default: separated by commas. */
export const HOSTS_ANNOTATION = "usmesh/hosts";
/** Port of an east-west gateway for requests from other networks, which it forwards without terminating TLS. */
export const CROSS_NETWORK_PORT = 15443;
/** Label with a network's name on the namespace, the gateways and the pods. */
export const NETWORK_LABEL = "topology.istio.io/network";
/** Label of a node's region, and of the pods on it. */
export const REGION_LABEL = "topology.kubernetes.io/region";
/** Label of a node's zone, and of the pods on it. */
export const ZONE_LABEL = "topology.kubernetes.io/zone";
/** Label of a namespace whose pods get a sidecar; its value is `enabled`. */
export const INJECTION_LABEL = "istio-injection";
/** Label that makes istiod read a Secret as credentials of other clusters; its value is `"true"`. */
export const REMOTE_SECRET_LABEL = "istio/multiCluster";
/** MetalLB's pool and its advertisement. */
export const ADDRESS_POOL = "usmesh";
/** Port of the API server inside a kind node. */
export const KIND_API_PORT = 6443;

/** Pulumi names of the components, from a cluster's key where there is one per cluster. */
export const componentNames = {
  cluster: (key: string) => key,
  metallb: (key: string) => `${key}-metallb`,
  istio: (key: string) => `${key}-istio`,
  eastWest: (key: string) => `${key}-eastwest`,
  failover: (key: string) => `${key}-failover`,
  mutualTls: (key: string) => `${key}-mtls`,
  discoveryTrust: (key: string) => `${key}-discovery-trust`,
  discovery: (key: string) => `${key}-discovery`,
  nodeImages: (key: string) => `${key}-node-images`,
  observability: (key: string) => `${key}-observability`,
  kialiAccess: (key: string) => `${key}-kiali-access`,
  kiali: (key: string) => `${key}-kiali`,
  trust: "trust",
  peering: "peering",
  network: "docker",
  client: "client",
  demo: "demo",
} as const;

/** Name of the Secret with a cluster's access to all other members: one per cluster, however many members there are. */
export function remoteSecretName(mesh: string): string {
  return `istio-remote-secret-${mesh}`;
}

/** Name of the Service of a cluster's Prometheus or Jaeger. Each cluster has its own, so that a name means one of them wherever it is asked for. */
export function observer(app: "prometheus" | "jaeger", key: string): string {
  return `${app}-${key}`;
}

/** The host name of such a Service, the same in every cluster of the mesh. */
export function observerHost(app: "prometheus" | "jaeger", key: string): string {
  return `${observer(app, key)}.${OBSERVABILITY_NAMESPACE}.svc.cluster.local`;
}

/** Names of the containers that are the workers of a kind cluster with so many nodes. */
export function kindWorkers(kindName: string, nodes: number): string[] {
  return Array.from({ length: nodes - 1 }, (_, index) => `${kindName}-worker${index === 0 ? "" : index + 1}`);
}

/** Name of the container that is a kind cluster's control plane, and its only node unless it has workers. */
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
