/** Services: they lead somewhere and, where they ask for one, have an address from outside. */
import { type KubeObject, at, isObject, listAt, nameOf, namespaceOf, stringAt } from "../objects";
import { type Rule, related } from "./rule";
import { READY, type Verdict, waiting } from "./verdict";

/** Seconds in which a new Service's endpoints show up: until then that there are none says nothing. */
const SETTLING = 3;

/**
 * A Service is ready when all its endpoints are, and, of type LoadBalancer, it has an address. What stands behind it is
 * not looked at for an ExternalName, a headless Service, and one without a selector. A Service that selects nothing is
 * ready too: its pods may come later.
 */
export function judgeService(service: KubeObject, slices: readonly KubeObject[], elapsed: number): Verdict {
  const type = stringAt(service, "spec", "type") ?? "ClusterIP";
  if (selectsPods(service, type)) {
    const endpoints = slices.flatMap((slice) => listAt(slice, "endpoints"));
    const pending = endpoints.some((endpoint) => at(endpoint, "conditions", "ready") === false);
    const problems = endpoints.some((endpoint) => at(endpoint, "conditions", "ready") !== false)
      ? []
      : ["the Service leads to no Pod: the Pods may not be ready, or its spec.selector may not be their labels"];
    if (pending) return waiting("Waiting for the Service's Pods to be ready", [...problems, ...addressProblems(service, type)]);
    if (endpoints.length === 0 && elapsed < SETTLING) return waiting("Looking for the Service's Pods", problems);
  }
  const missing = addressProblems(service, type);
  return missing.length > 0 ? waiting("Waiting for the Service's load balancer address", missing) : READY;
}

function selectsPods(service: KubeObject, type: string): boolean {
  const selector = at(service, "spec", "selector");
  const selects = isObject(selector) && Object.keys(selector).length > 0;
  return selects && type !== "ExternalName" && stringAt(service, "spec", "clusterIP") !== "None";
}

function addressProblems(service: KubeObject, type: string): string[] {
  if (type !== "LoadBalancer" || listAt(service, "status", "loadBalancer", "ingress").length > 0) return [];
  return ["the Service got no address: is there a load balancer in the cluster, and has it an address to give?"];
}

/** Services. */
export const serviceRule: Rule = {
  async judge(service, look) {
    const gvk = { group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice" };
    const labels = `kubernetes.io/service-name=${nameOf(service)}`;
    return judgeService(service, await related(look, gvk, namespaceOf(service), { labels }), look.elapsed);
  },
  onRead: true,
};
