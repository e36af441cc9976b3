/** Resource type tokens: which Kubernetes kind they stand for, and which are refused. */
import type { Gvk } from "./objects";

/** The Helm release; another part of this plugin does it. */
export const RELEASE_TYPE = "kubernetes:helm.sh/v3:Release";

/** "Groups" of the official provider that are components or no resources, not groups of the API server. */
const NOT_SERVED: ReadonlySet<string> = new Set(["helm.sh", "kustomize", "meta", "yaml"]);

/** Kubernetes' own groups; the types in them are known beforehand. */
const BUILT_IN: ReadonlySet<string> = new Set([
  "",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "apps",
  "auditregistration.k8s.io",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "extensions",
  "flowcontrol.apiserver.k8s.io",
  "lifecycle.k8s.io",
  "networking.k8s.io",
  "node.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "resource.k8s.io",
  "scheduling.k8s.io",
  "settings.k8s.io",
  "storage.k8s.io",
  "storagemigration.k8s.io",
]);

/**
 * The kind that a token such as `kubernetes:apps/v1:Deployment` stands for. Undefined for what this plugin does not do:
 * components (ConfigFile, ConfigGroup, Chart, Directory), Kubernetes' own kinds as `...Patch` and `...List`, and tokens
 * of other packages.
 */
export function kindOfToken(type: string): Gvk | undefined {
  const match = /^kubernetes:([^:/]+)\/([^:/]+):([^:]+)$/.exec(type);
  if (match === null) return undefined;
  const [, token = "", version = "", kind = ""] = match;
  const group = token === "core" ? "" : token;
  if (NOT_SERVED.has(group)) return undefined;
  if (isBuiltIn(group) && /.(Patch|List)$/.test(kind)) return undefined;
  return { group, version, kind };
}

/** Whether a group is Kubernetes' own, not one of a CustomResourceDefinition. */
export function isBuiltIn(group: string): boolean {
  return BUILT_IN.has(group === "core" ? "" : group);
}
