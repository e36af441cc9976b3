import type { ApiServer } from "../../../lib/api-server";

/** A rule as the API server reports it. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** Namespaces in which a token is asked about: the ones whose Secrets and ConfigMaps matter most, and one that represents all others. */
const NAMESPACES = ["istio-system", "kube-system", "default"];

/** API groups in which every user may ask about itself; asking changes nothing. */
const REVIEWS = ["authorization.k8s.io", "authentication.k8s.io"];

const READING = ["get", "list", "watch"];

/** What the API server says that a token may do, beyond what istiod needs. */
export async function gatherExcess(api: ApiServer): Promise<string[]> {
  const found = await Promise.all(
    NAMESPACES.map(async (namespace) => {
      const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace } };
      const { body } = await api.request<{ status?: { resourceRules?: Rule[] } }>("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", review);
      return excessOf(body.status?.resourceRules ?? [], namespace);
    }),
  );
  return [...new Set(found.flat())];
}

/** Of rules that apply in a namespace, what reads Secrets, ConfigMaps but the mesh's own, logs or proxies, and what writes. */
export function excessOf(rules: readonly Rule[], namespace: string): string[] {
  return rules.flatMap((rule) => {
    const { verbs, apiGroups = [], resources = [], resourceNames = [] } = rule;
    const isReview = apiGroups.length > 0 && apiGroups.every((group) => REVIEWS.includes(group));
    const writes = isReview ? [] : verbs.filter((verb) => !READING.includes(verb));
    const reads = verbs.filter((verb) => READING.includes(verb) || verb === "*");
    const isMeshConfig = namespace === "istio-system" && resourceNames.length > 0;
    const delicate = isCore(apiGroups) ? resources.filter((resource) => isDelicate(resource) && !(resource === "configmaps" && isMeshConfig)) : [];
    return [
      ...(writes.length > 0 ? [`${writes.join(", ")} ${resources.join(", ")}`] : []),
      ...(reads.length > 0 && delicate.length > 0 ? [`${reads.join(", ")} ${delicate.join(", ")}`] : []),
    ];
  });
}

function isCore(groups: readonly string[]): boolean {
  return groups.includes("") || groups.includes("*");
}

/** Reading these reveals secrets, or has effects that only writing should have. */
function isDelicate(resource: string): boolean {
  return ["secrets", "configmaps", "*"].includes(resource) || /\/(exec|attach|log|portforward|proxy)$/.test(resource);
}
