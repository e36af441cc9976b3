/** A rule of a ClusterRole. */
export interface ReadRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly ("get" | "list" | "watch")[];
}

const READ = ["get", "list", "watch"] as const;

/**
 * What Kiali reads in a cluster when it only shows it. Its chart's own role for that has more: logs, forwarding to pods and the review of
 * tokens, which it needs for what is turned off here. Kiali stops when it may not watch one of these kinds.
 */
export function kialiRules(): ReadRule[] {
  return [
    { apiGroups: [""], resources: ["configmaps", "namespaces", "pods", "replicationcontrollers", "services"], verbs: READ },
    { apiGroups: ["apps"], resources: ["daemonsets", "deployments", "replicasets", "statefulsets"], verbs: READ },
    { apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs: READ },
    {
      apiGroups: ["networking.istio.io"],
      resources: ["destinationrules", "envoyfilters", "gateways", "serviceentries", "sidecars", "virtualservices", "workloadentries", "workloadgroups"],
      verbs: READ,
    },
    { apiGroups: ["security.istio.io"], resources: ["authorizationpolicies", "peerauthentications", "requestauthentications"], verbs: READ },
    { apiGroups: ["telemetry.istio.io"], resources: ["telemetries"], verbs: READ },
    { apiGroups: ["extensions.istio.io"], resources: ["trafficextensions", "wasmplugins"], verbs: READ },
    { apiGroups: ["gateway.networking.k8s.io"], resources: ["gatewayclasses", "gateways", "grpcroutes", "httproutes", "referencegrants", "tcproutes", "tlsroutes"], verbs: READ },
    { apiGroups: ["inference.networking.k8s.io"], resources: ["inferencepools"], verbs: READ },
    // By these it finds which istiod injects where.
    { apiGroups: ["admissionregistration.k8s.io"], resources: ["mutatingwebhookconfigurations"], verbs: ["list"] },
  ];
}
