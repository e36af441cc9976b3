import { MESH_CONFIG_MAPS } from "../../topology/discovery";

/** A rule of a Role or ClusterRole. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** A kind of object that istiod reads in all namespaces of a peer. */
interface ReadKind {
  readonly group: string;
  readonly versions: readonly string[];
  readonly resource: string;
}

/**
 * What istiod of Istio 1.31 reads of a remote cluster, from its source (the informers of `pkg/kube/multicluster`, and of the service
 * registry, the config store and the CRD watcher that it starts for each remote cluster), and from what it asks in a running mesh.
 */
const READ: readonly ReadKind[] = [
  ...["namespaces", "nodes", "pods", "services"].map((resource) => ({ group: "", versions: ["v1"], resource })),
  { group: "discovery.k8s.io", versions: ["v1"], resource: "endpointslices" },
  { group: "apiextensions.k8s.io", versions: ["v1"], resource: "customresourcedefinitions" },
  { group: "networking.istio.io", versions: ["v1", "v1beta1"], resource: "workloadentries" },
  { group: "gateway.networking.k8s.io", versions: ["v1", "v1beta1"], resource: "gateways" },
];

/** istiod lists and watches, and never gets a single object. */
const VERBS = ["list", "watch"];

/** What a peer's account may do in all namespaces. No Secrets, no ConfigMaps, nothing but reading. */
export function peerRules(): Rule[] {
  const groups = [...new Set(READ.map(({ group }) => group))];
  return groups.map((group) => ({ apiGroups: [group], resources: READ.filter((kind) => kind.group === group).map(({ resource }) => resource), verbs: VERBS }));
}

/** What a peer's account may do in the control plane's namespace: read the mesh's configuration, which holds no secret. */
export function meshConfigRules(): Rule[] {
  return [{ apiGroups: [""], resources: ["configmaps"], resourceNames: MESH_CONFIG_MAPS, verbs: VERBS }];
}

/** What a peer's account may do in the namespace that holds no Secret. */
export function noSecretsRules(): Rule[] {
  return [{ apiGroups: [""], resources: ["secrets"], verbs: VERBS }];
}

/** The path of the Secrets of all namespaces, which the proxy turns into that of the namespace that holds none. */
export const ALL_SECRETS = "/api/v1/secrets";

/** The paths that the proxy passes on as they are. Everything else is refused, but {@link ALL_SECRETS}. @param system the control plane's namespace */
export function passedPaths(system: string): string[] {
  const kinds = READ.flatMap(({ group, versions, resource }) => versions.map((version) => `${group === "" ? `/api/${version}` : `/apis/${group}/${version}`}/${resource}`));
  return ["/version", ...kinds, `/api/v1/namespaces/${system}/configmaps`];
}
