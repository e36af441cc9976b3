/** DaemonSets, StatefulSets and ReplicationControllers: the pods they ask for run. */
import { type KubeObject, at, namespaceOf, numberAt, stringAt } from "../objects";
import { podProblems } from "./pod";
import { type Look, type Rule, labelSelector, related } from "./rule";
import { READY, type Verdict, isObserved, isOwnedBy, waiting } from "./verdict";

/** A DaemonSet is ready when a pod of its current template is ready and available on every node it is meant for. */
export function judgeDaemonSet(set: KubeObject, pods: readonly KubeObject[] = []): Verdict {
  if (!isObserved(set)) return waiting("Waiting for the DaemonSet's controller to see it");
  const count = (key: string) => numberAt(set, "status", key) ?? 0;
  const desired = count("desiredNumberScheduled");
  const behind = ["currentNumberScheduled", "updatedNumberScheduled", "numberAvailable", "numberReady"].find(
    (key) => count(key) < desired,
  );
  if (behind === undefined) return READY;
  return waiting(`Waiting for the DaemonSet's Pods (${behind} ${count(behind)}/${desired})`, problemsOf(set, pods));
}

/**
 * A StatefulSet is ready when its controller has seen it, all its pods are ready and, unless updates wait for somebody to
 * delete the pods or for a partition, all are of the current template.
 */
export function judgeStatefulSet(set: KubeObject, pods: readonly KubeObject[] = []): Verdict {
  if (!isObserved(set)) return waiting("Waiting for the StatefulSet's controller to see it");
  const desired = numberAt(set, "spec", "replicas") ?? 1;
  const ready = numberAt(set, "status", "readyReplicas") ?? 0;
  const problems = problemsOf(set, pods);
  if (ready < desired) return waiting(`Waiting for the StatefulSet's Pods (${ready}/${desired} ready)`, problems);
  const partition = numberAt(set, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  const rolling = stringAt(set, "spec", "updateStrategy", "type") !== "OnDelete" && partition === 0;
  const [current, update] = ["currentRevision", "updateRevision"].map((key) => stringAt(set, "status", key));
  if (rolling && current !== update) {
    const updated = numberAt(set, "status", "updatedReplicas") ?? 0;
    return waiting(`Waiting for the StatefulSet's rollout (${updated}/${desired} updated)`, problems);
  }
  return READY;
}

/** A ReplicationController is ready when as many pods are available as it asks for. */
export function judgeReplicationController(controller: KubeObject): Verdict {
  const desired = numberAt(controller, "spec", "replicas") ?? 1;
  const available = numberAt(controller, "status", "availableReplicas") ?? 0;
  return available === desired ? READY : waiting(`Waiting for the controller's Pods (${available}/${desired} available)`);
}

function problemsOf(set: KubeObject, pods: readonly KubeObject[]): string[] {
  return pods.filter((pod) => isOwnedBy(pod, set)).flatMap(podProblems);
}

function podsOf(set: KubeObject, look: Look): Promise<KubeObject[]> {
  const labels = labelSelector(at(set, "spec", "selector", "matchLabels"));
  return related(look, { group: "", version: "v1", kind: "Pod" }, namespaceOf(set), { labels });
}

/** DaemonSets. */
export const daemonSetRule: Rule = {
  judge: async (set, look) => judgeDaemonSet(set, await podsOf(set, look)),
  onRead: true,
};

/** StatefulSets. */
export const statefulSetRule: Rule = {
  judge: async (set, look) => judgeStatefulSet(set, await podsOf(set, look)),
  onRead: true,
};

/** ReplicationControllers. */
export const replicationControllerRule: Rule = { judge: judgeReplicationController, onRead: false };
