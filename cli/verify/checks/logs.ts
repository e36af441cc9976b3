import { type Check, readClusters } from "./context";

/** Groups shown for a cluster. */
const MAX_SHOWN = 3;

export const noErrors: Check = (facts, report) =>
  readClusters(facts).map((cluster) => {
    const subject = { cluster: cluster.key };
    const { logs } = cluster.state;
    if (!logs.ok) return report.unknown(subject, logs.error);
    if (logs.value === undefined) return report.skip(subject, "no pod of istiod and no gateway runs");
    if (logs.value.length === 0) return report.pass(subject, "no error of istiod or the gateways in the last 5 minutes");
    const shown = logs.value.slice(0, MAX_SHOWN).map((g) => `${g.count} × ${g.source}: ${g.example}`);
    const more = logs.value.length > MAX_SHOWN ? [`and ${logs.value.length - MAX_SHOWN} more kinds`] : [];
    // What was logged may be over: never a failure by itself.
    return report.warn(subject, [...shown, ...more].join("; "), {
      reason: "istiod or a gateway logged errors within the last 5 minutes",
      cause: "what a failing check names, or something that has recovered since",
      remedy: `${cluster.kubectl} -n istio-system logs -l app=istiod --tail=-1 --since=5m`,
    });
  });
