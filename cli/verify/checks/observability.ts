import type { Finding } from "../finding";
import { type Check, readClusters } from "./context";

/** Whether Prometheus and Jaeger answer, and Prometheus reads those of the other clusters. */
export const observersAnswer: Check = (facts, report) =>
  readClusters(facts).map((cluster): Finding => {
    const subject = { cluster: cluster.key };
    const { observers } = cluster.state;
    if (observers.length === 0) return report.skip(subject, "usmesh:observability is off");
    const silent = observers.flatMap(({ app, answers }) => (answers.ok ? [] : [`${app}: ${answers.error}`]));
    if (silent.length > 0) {
      return report.fail(subject, silent.join("; "), {
        reason: "what it should record is lost, and nobody can ask it",
        cause: "it has just started, has too little memory, or its image is missing",
        remedy: `${cluster.kubectl} -n usmesh-observability describe pods`,
      });
    }
    const unread = observers.flatMap((observer) => observer.unread);
    if (unread.length === 0) return report.pass(subject, `${observers.map(({ app }) => app).join(" and ")} answer`);
    return report.warn(subject, `Prometheus does not read that of ${unread.join(" and ")}`, {
      reason: `queries in ${cluster.key} know nothing new of ${unread.join(" and ")}`,
      cause: "it was started a moment ago, the other cluster does not answer, or it is not observed any more",
      remedy: "check again; ./mesh up; what a check of gateways or endpoints finds",
    });
  });
