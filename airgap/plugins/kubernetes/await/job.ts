/** Jobs: they ran to a good end. */
import { type KubeObject, at, namespaceOf, numberAt, stringAt } from "../objects";
import { podProblems } from "./pod";
import { type Rule, labelSelector, related } from "./rule";
import { READY, type Verdict, condition, holds, isOwnedBy, waiting } from "./verdict";

/** A Job is ready when it is complete; one that failed never will be. */
export function judgeJob(job: KubeObject, pods: readonly KubeObject[] = []): Verdict {
  if (holds(job, "Complete")) return READY;
  const problems = pods.filter((pod) => isOwnedBy(pod, job)).flatMap(podProblems);
  if (holds(job, "Failed")) {
    const failed = condition(job, "Failed");
    const why = [stringAt(failed, "reason"), stringAt(failed, "message")].filter(Boolean).join(": ");
    return { ready: false, failed: true, message: "The Job failed", problems: [`the Job failed (${why})`, ...problems] };
  }
  if (stringAt(job, "status", "startTime") === undefined) return waiting("Waiting for the Job to start", problems);
  const succeeded = numberAt(job, "status", "succeeded") ?? 0;
  return waiting(`Waiting for the Job to complete (${succeeded}/${numberAt(job, "spec", "completions") ?? 1})`, problems);
}

/** Jobs. */
export const jobRule: Rule = {
  async judge(job, look) {
    const labels = labelSelector(at(job, "spec", "selector", "matchLabels"));
    return judgeJob(job, await related(look, { group: "", version: "v1", kind: "Pod" }, namespaceOf(job), { labels }));
  },
  onRead: true,
};
