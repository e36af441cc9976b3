import { reporter } from "../finding";
import { type Check, known } from "./context";

const errors = reporter("logs", "errors");

/** Groups shown for a cluster. */
const SHOWN = 3;

export const noErrors: Check = (facts) =>
  known(facts).map((cluster) => {
    const place = { cluster: cluster.key };
    const found = cluster.state.logs;
    if (!found.ok) return errors.skip(place, found.error);
    if (found.value.length === 0) return errors.pass(place, "no error of istiod or the gateways in the last 5 minutes");
    const shown = found.value.slice(0, SHOWN).map((g) => `${g.count} × ${g.source}: ${g.example}`);
    const more = found.value.length > SHOWN ? [`and ${found.value.length - SHOWN} more kinds`] : [];
    // What was logged may be over: never a failure by itself.
    return errors.warn(place, [...shown, ...more].join("; "), {
      reason: "istiod or a gateway logged errors within the last 5 minutes",
      cause: "what a failing check names, or something that has mended itself since",
      remedy: `${cluster.kubectl} -n istio-system logs deployment/istiod --since=5m`,
    });
  });
