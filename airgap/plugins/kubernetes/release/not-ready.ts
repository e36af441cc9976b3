/** Says which of a release's objects are not ready, for the error of a release that did not become ready in time. */
import { type Json, type JsonObject, at, describe, isObject, listAt, numberAt, stringAt } from "../objects";

/** More would hide Helm's own message. */
const MOST = 10;

/**
 * One sentence for each object that is not ready.
 *
 * @param resources objects by kind, as `helm status --show-resources` gives them; pods of workloads are among them
 */
export function notReady(resources: JsonObject): string[] {
  const objects = Object.values(resources).flatMap((list) => (Array.isArray(list) ? list.flatMap(itemsOf) : []));
  const sentences = objects.flatMap((object) => {
    const why = reason(object);
    return why === undefined ? [] : [`${describe(object)}: ${why}`];
  });
  const more = sentences.length - MOST;
  return more > 0 ? [...sentences.slice(0, MOST), `and ${more} more objects`] : sentences;
}

/** Helm gives the pods of a workload as one list object. */
function itemsOf(object: Json): JsonObject[] {
  if (!isObject(object)) return [];
  return Array.isArray(object["items"]) ? object["items"].filter(isObject) : [object];
}

function reason(object: JsonObject): string | undefined {
  switch (object["kind"]) {
    case "Deployment":
    case "StatefulSet":
      return replicas(object, numberAt(object, "spec", "replicas") ?? 1, "updatedReplicas", "readyReplicas");
    case "DaemonSet": {
      const wanted = numberAt(object, "status", "desiredNumberScheduled") ?? 0;
      return replicas(object, wanted, "updatedNumberScheduled", "numberReady");
    }
    case "Pod":
      return podReason(object);
    case "Job":
      return jobReason(object);
    case "PersistentVolumeClaim":
      return stringAt(object, "status", "phase") === "Bound" ? undefined : "is not bound";
    case "Service":
      return serviceReason(object);
    default:
      return undefined;
  }
}

function replicas(object: JsonObject, wanted: number, updatedKey: string, readyKey: string): string | undefined {
  const count = (key: string) => numberAt(object, "status", key) ?? 0;
  if (count("observedGeneration") < (numberAt(object, "metadata", "generation") ?? 0)) {
    return "its controller has not seen it yet";
  }
  if (count(updatedKey) < wanted) return `${count(updatedKey)} of ${wanted} pods are of the new revision`;
  return count(readyKey) < wanted ? `${count(readyKey)} of ${wanted} pods are ready` : undefined;
}

function podReason(pod: JsonObject): string | undefined {
  if (stringAt(pod, "status", "phase") === "Succeeded" || condition(pod, "Ready") === "True") return undefined;
  const containers = [...listAt(pod, "status", "initContainerStatuses"), ...listAt(pod, "status", "containerStatuses")];
  for (const container of containers) {
    const state = at(container, "state", "waiting") ?? at(container, "state", "terminated");
    const why = stringAt(state, "reason");
    if (why !== undefined && why !== "Completed" && why !== "PodInitializing") {
      return `container ${stringAt(container, "name")}: ${[why, stringAt(state, "message")].filter(Boolean).join(", ")}`;
    }
  }
  const unscheduled = listAt(pod, "status", "conditions").find(
    (c) => stringAt(c, "type") === "PodScheduled" && stringAt(c, "status") === "False",
  );
  return stringAt(unscheduled, "message") ?? "is not ready";
}

function jobReason(job: JsonObject): string | undefined {
  if (condition(job, "Complete") === "True") return undefined;
  return condition(job, "Failed") === "True" ? "failed" : "has not ended";
}

function serviceReason(service: JsonObject): string | undefined {
  const waits = stringAt(service, "spec", "type") === "LoadBalancer";
  return waits && listAt(service, "status", "loadBalancer", "ingress").length === 0
    ? "its load balancer has no address"
    : undefined;
}

function condition(object: Json, type: string): string | undefined {
  const found = listAt(object, "status", "conditions").find((c) => stringAt(c, "type") === type);
  return stringAt(found, "status");
}
