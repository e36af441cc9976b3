/** Pods: ready to serve, or done. */
import { type Json, type KubeObject, listAt, nameOf, numberAt, stringAt } from "../objects";
import type { Rule } from "./rule";
import { READY, type Verdict, complaint, condition, holds, waiting } from "./verdict";

/** A pod is ready when it says so, or when it ran to a good end. */
export function judgePod(pod: KubeObject): Verdict {
  if (stringAt(pod, "status", "phase") === "Succeeded" || holds(pod, "Ready")) return READY;
  const unmet = ["PodScheduled", "Initialized", "Ready"].find((type) => !holds(pod, type)) ?? "Ready";
  const message = {
    PodScheduled: "Waiting for the Pod to be scheduled",
    Initialized: "Waiting for the Pod's init containers",
  }[unmet];
  return waiting(message ?? "Waiting for the Pod to be ready", podProblems(pod));
}

/** What keeps a pod from being ready, one sentence each, with the pod's name. */
export function podProblems(pod: KubeObject): string[] {
  const statuses = ["initContainerStatuses", "containerStatuses"].flatMap((key) => listAt(pod, "status", key));
  const containers = statuses.flatMap(containerProblems);
  const scheduled = condition(pod, "PodScheduled");
  const problems = [
    ...(stringAt(scheduled, "reason") === "Unschedulable" ? complaint(pod, "PodScheduled") : []),
    ...containers,
    ...(containers.length === 0 ? complaint(pod, "Ready") : []),
  ];
  return problems.map((problem) => `Pod ${nameOf(pod)}: ${problem}`);
}

/** Reasons that every container goes through on its way. */
const USUAL = new Set(["ContainerCreating", "PodInitializing"]);

function containerProblems(status: Json): string[] {
  const name = stringAt(status, "name") ?? "?";
  const reason = stringAt(status, "state", "waiting", "reason");
  if (reason !== undefined && !USUAL.has(reason)) {
    const message = stringAt(status, "state", "waiting", "message");
    return [`container ${name}: [${reason}]${message ? ` ${message}` : ""}`];
  }
  for (const state of ["state", "lastState"]) {
    const code = numberAt(status, state, "terminated", "exitCode");
    if (code !== undefined && code !== 0) {
      const message = stringAt(status, state, "terminated", "message");
      return [`container ${name}: exited with code ${code}${message ? `: ${message}` : ""}`];
    }
  }
  return [];
}

/** Pods. */
export const podRule: Rule = { judge: judgePod, onRead: true };
