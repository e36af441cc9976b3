import type { ProxyFacts } from "../verify/facts";
import { gatherIstiod, istiodPods } from "../verify/gather/istiod";
import { dotted, type Namespace, type Pod } from "../verify/gather/resources";
import { gatherInjectors, revisionsOf } from "../verify/gather/revisions";
import type { FollowingProxy } from "../verify/revision-facts";
import type { Target } from "../verify/targets";
import { isRunNamespace } from "../verify/traffic/objects";
import { heldWorkloads } from "./workloads";

/** What is seen of an upgrade in a cluster. */
export interface Looked {
  /** The pods whose proxy has another revision than the one that they would get today. */
  readonly behind: readonly FollowingProxy[];
  /** The proxies that are connected to istiod, with their versions. */
  readonly proxies: readonly ProxyFacts[];
  /** The workloads with a proxy whose rollout would not end, with the reason: a line for each. */
  readonly held: readonly string[];
}

/** Reads it. Test workloads of other commands are left out. @throws Error where the cluster may not be read */
export async function look({ kube }: Target): Promise<Looked> {
  const [injectors, namespaces, pods] = await Promise.all([gatherInjectors(kube), kube.list<Namespace>("/api/v1/namespaces"), kube.list<Pod>("/api/v1/pods")]);
  if (!injectors.ok) throw new Error(injectors.error);
  const own = pods.filter(({ metadata }) => !isRunNamespace(metadata.namespace ?? ""));
  const istiods = istiodPods(own.filter(({ metadata }) => metadata.namespace === "istio-system"));
  const { replicas } = await gatherIstiod(kube, istiods);
  const following = revisionsOf(injectors.value, namespaces, own, istiods).proxies.filter(({ next }) => next !== undefined);
  return {
    behind: following.filter(({ revision, next }) => next !== revision),
    held: await heldWorkloads(kube, own.filter(({ metadata }) => following.some(({ id }) => id === dotted(metadata)))),
    proxies: replicas.flatMap(({ proxies }) => (proxies.ok ? proxies.value : [])),
  };
}
