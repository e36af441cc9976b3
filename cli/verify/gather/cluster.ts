import type { ApiFacts, InjectionFacts, NodeFacts, Result } from "../facts";
import type { Kube } from "../kube";
import { attempt, type Namespace, type Node, type Pod } from "./resources";

/** Version and clock of an API server. The `Date` header holds whole seconds: half a second is added, the mean of what is cut off. */
export async function gatherApi(kube: Kube, now: () => number = Date.now): Promise<Result<ApiFacts>> {
  return attempt(async () => {
    const before = now();
    const answer = await kube.request<{ gitVersion: string }>("GET", "/version");
    const middle = (before + now()) / 2;
    const skewMs = Number.isNaN(answer.date) ? undefined : Math.round(answer.date + 500 - middle);
    return { version: answer.body.gitVersion, skewMs };
  });
}

/** The nodes, and the pods' ranges as the nodes have them. */
export async function gatherNodes(kube: Kube): Promise<{ nodes: NodeFacts[]; podCidrs: string[] }> {
  const nodes = await kube.list<Node>("/api/v1/nodes");
  return {
    nodes: nodes.map((node) => ({
      name: node.metadata.name,
      ready: node.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") ?? false,
      region: node.metadata.labels?.["topology.kubernetes.io/region"],
      zone: node.metadata.labels?.["topology.kubernetes.io/zone"],
    })),
    podCidrs: nodes.flatMap((node) => node.spec?.podCIDRs ?? (node.spec?.podCIDR ? [node.spec.podCIDR] : [])),
  };
}

/** The Services' ranges; none from an API server older than Kubernetes 1.33, which does not tell. */
export async function gatherServiceCidrs(kube: Kube): Promise<string[]> {
  const ranges = await kube.list<{ spec?: { cidrs?: string[] } }>("/apis/networking.k8s.io/v1/servicecidrs");
  return ranges.flatMap((range) => range.spec?.cidrs ?? []);
}

/** For each namespace with injection on: the running pods that have a sidecar and those that lack one without being exempt. */
export function injectionOf(namespaces: readonly Namespace[], pods: readonly Pod[]): InjectionFacts[] {
  return namespaces.filter(injects).map((namespace) => {
    const running = pods.filter(
      (pod) => pod.metadata.namespace === namespace.metadata.name && pod.status?.phase === "Running" && pod.metadata.deletionTimestamp === undefined,
    );
    const bare = running.filter((pod) => !hasSidecar(pod));
    return {
      namespace: namespace.metadata.name,
      missing: bare.filter((pod) => !exempt(pod)).map((pod) => pod.metadata.name),
      injected: running.length - bare.length,
    };
  });
}

/** Whether the pod has Istio's proxy, as a sidecar or as a gateway. */
export function hasSidecar(pod: Pod): boolean {
  return [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].some((container) => container.name === "istio-proxy");
}

function injects(namespace: Namespace): boolean {
  const labels = namespace.metadata.labels ?? {};
  return labels["istio-injection"] === "enabled" || (labels["istio-injection"] === undefined && labels["istio.io/rev"] !== undefined);
}

function exempt(pod: Pod): boolean {
  const mark = pod.metadata.labels?.["sidecar.istio.io/inject"] ?? pod.metadata.annotations?.["sidecar.istio.io/inject"];
  return mark === "false" || pod.spec.hostNetwork === true;
}
