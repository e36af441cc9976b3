/** Which kinds live in a namespace, where that can be known without asking the API server. */
import { type Gvk, type KubeObject, gvkOf, stringAt } from "../objects";
import { isBuiltIn } from "../tokens";

const NAMESPACED = words(`
  Binding ConfigMap ControllerRevision CronJob CSIStorageCapacity DaemonSet Deployment Endpoints EndpointSlice Event
  HorizontalPodAutoscaler Ingress Job Lease LimitRange NetworkPolicy PersistentVolumeClaim Pod PodDisruptionBudget
  PodTemplate ReplicaSet ReplicationController ResourceQuota Role RoleBinding Secret Service ServiceAccount StatefulSet
`);

const CLUSTER_WIDE = words(`
  APIService CertificateSigningRequest ClusterRole ClusterRoleBinding ClusterTrustBundle CSIDriver CSINode
  CustomResourceDefinition DeviceClass FlowSchema IngressClass IPAddress MutatingAdmissionPolicy
  MutatingAdmissionPolicyBinding MutatingWebhookConfiguration Namespace Node PersistentVolume PriorityClass
  PriorityLevelConfiguration RuntimeClass ServiceCIDR StorageClass ValidatingAdmissionPolicy
  ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration VolumeAttachment VolumeAttributesClass
`);

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter(Boolean));
}

/** Whether one of Kubernetes' own kinds lives in a namespace; undefined for kinds that are not in the table. */
export function knownScope(gvk: Gvk): boolean | undefined {
  if (!isBuiltIn(gvk.group)) return undefined;
  if (NAMESPACED.has(gvk.kind)) return true;
  return CLUSTER_WIDE.has(gvk.kind) ? false : undefined;
}

/** Scopes of custom kinds that the program itself defines, known before any of them is created. */
export class DefinedScopes {
  private readonly scopes = new Map<string, boolean>();

  /** Notes what a CustomResourceDefinition defines; anything else is passed over. */
  add(object: KubeObject): void {
    if (!isDefinition(object)) return;
    const group = stringAt(object, "spec", "group");
    const kind = stringAt(object, "spec", "names", "kind");
    if (group !== undefined && kind !== undefined) {
      this.scopes.set(`${group}/${kind}`, stringAt(object, "spec", "scope") === "Namespaced");
    }
  }

  /** Whether the program defines the kind, and then whether it lives in a namespace. */
  find(gvk: Gvk): boolean | undefined {
    return this.scopes.get(`${gvk.group}/${gvk.kind}`);
  }
}

/** True for a CustomResourceDefinition. */
export function isDefinition(object: KubeObject): boolean {
  const gvk = gvkOf(object);
  return gvk.group === "apiextensions.k8s.io" && gvk.kind === "CustomResourceDefinition";
}
