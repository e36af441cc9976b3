/** Which changes make a new object, by kind: the API server refuses them on one that exists. */
import { type KubeObject, gvkOf } from "../objects";
import type { Flags } from "../settings";
import { isImmutable, isSecret } from "./normalize";

/** Paths are as in `.spec.containers[*].image`. */
type Paths = readonly string[];

const SELECTOR: Paths = [".spec.selector"];

const STATEFUL_SET: Paths = [
  ".spec.podManagementPolicy",
  ".spec.revisionHistoryLimit",
  ".spec.selector",
  ".spec.serviceName",
  ".spec.volumeClaimTemplates",
];

const JOB: Paths = [".spec.completions", ".spec.parallelism", ".spec.selector", ".spec.template"];

const POD_FIELDS = `affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC
  hostNetwork hostPID hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority
  priorityClassName readinessGates restartPolicy runtimeClassName schedulerName securityContext serviceAccount
  serviceAccountName shareProcessNamespace subdomain terminationGracePeriodSeconds volumes`;

const CONTAINER_FIELDS = `args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources
  securityContext stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts
  workingDir`;

const VOLUME_SOURCES = `awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker
  gcePersistentDisk glusterfs hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos
  vsphereVolume`;

/** By `group/version:Kind`; the core group is empty. */
const BY_KIND: Readonly<Record<string, Paths>> = {
  "/v1:PersistentVolume": under(".spec", VOLUME_SOURCES),
  "/v1:PersistentVolumeClaim": under(".spec", "accessModes selector storageClassName volumeName"),
  "/v1:Pod": [
    ...under(".spec", POD_FIELDS),
    ...under(".spec.containers[*]", CONTAINER_FIELDS),
    ...under(".spec.initContainers[*]", CONTAINER_FIELDS),
  ],
  "/v1:ResourceQuota": [".spec.scopes"],
  "/v1:Secret": [".type"],
  "/v1:Service": [".spec.clusterIP"],
  "apps/v1:DaemonSet": SELECTOR,
  "apps/v1:Deployment": SELECTOR,
  "apps/v1:StatefulSet": STATEFUL_SET,
  "apps/v1beta1:StatefulSet": STATEFUL_SET,
  "apps/v1beta2:DaemonSet": SELECTOR,
  "apps/v1beta2:Deployment": SELECTOR,
  "apps/v1beta2:StatefulSet": STATEFUL_SET,
  "batch/v1:Job": JOB,
  "batch/v1beta1:Job": JOB,
  "batch/v2alpha1:Job": JOB,
  "policy/v1beta1:PodDisruptionBudget": [".spec"],
  "rbac.authorization.k8s.io/v1:ClusterRoleBinding": [".roleRef"],
  "rbac.authorization.k8s.io/v1:RoleBinding": [".roleRef"],
  "rbac.authorization.k8s.io/v1alpha1:ClusterRoleBinding": [".roleRef"],
  "rbac.authorization.k8s.io/v1alpha1:RoleBinding": [".roleRef"],
  "rbac.authorization.k8s.io/v1beta1:ClusterRoleBinding": [".roleRef"],
  "rbac.authorization.k8s.io/v1beta1:RoleBinding": [".roleRef"],
  "storage.k8s.io/v1:StorageClass": [".parameters", ".provisioner"],
};

function under(prefix: string, fields: string): Paths {
  return fields.split(/\s+/).filter(Boolean).map((field) => `${prefix}.${field}`);
}

/**
 * The paths in an object whose change makes a new one. Secrets and ConfigMaps are replaced for new content too, so that
 * what mounts them restarts, unless the provider is told to change them in place; one that says it is immutable always is.
 */
export function forceNewPaths(
  object: KubeObject,
  flags: Pick<Flags, "enableSecretMutable" | "enableConfigMapMutable">,
): Paths {
  const { group, version, kind } = gvkOf(object);
  const identity = [".metadata.name", ".metadata.namespace"];
  if (isSecret(object) && (!flags.enableSecretMutable || isImmutable(object))) {
    return [...identity, ".type", ".stringData", ".data"];
  }
  const isConfigMap = group === "" && kind === "ConfigMap";
  if (isConfigMap && (!flags.enableConfigMapMutable || isImmutable(object))) {
    return [...identity, ".binaryData", ".data"];
  }
  return [...identity, ...(BY_KIND[`${group}/${version}:${kind}`] ?? [])];
}
