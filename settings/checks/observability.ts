import { OBSERVABILITY_NAMESPACE, observer, observerHost } from "../../topology/names";
import type { Problem } from "../problems";
import type { CheckContext } from "./check";

/** Longest name of a Service, in characters. */
const MAX_NAME_LENGTH = 63;

/** Checks that the other clusters can reach each cluster's Prometheus and Jaeger. */
export function checkObservability({ settings, model }: CheckContext): Problem[] {
  if (!settings.observability.enabled) return [];
  const path = ["observability", "enabled"];
  const tooLong = model.clusters.flatMap(({ key }): Problem[] => {
    const name = observer("prometheus", key);
    if (name.length <= MAX_NAME_LENGTH) return [];
    const most = MAX_NAME_LENGTH - observer("prometheus", "").length;
    return [{ path: ["clusters", key], message: `its Prometheus would be the Service "${name}", which is too long; choose a key of at most ${most} characters`, because: [path] }];
  });
  const { hosts } = settings.eastWest;
  const closed = model.clusters.filter(({ key }) => !(["prometheus", "jaeger"] as const).every((app) => hosts.some((host) => covers(host, observerHost(app, key)))));
  if (closed.length === 0) return tooLong;
  const message = `the other clusters could not reach Prometheus and Jaeger of ${closed.map(({ key }) => key).join(", ")}; add "*.${OBSERVABILITY_NAMESPACE}.svc.cluster.local"`;
  return [...tooLong, { path: ["eastWest", "hosts"], message, because: [path, ["clusters"]] }];
}

/** Whether a host of a Gateway, which can be `*` and a domain, stands for a name. */
function covers(host: string, name: string): boolean {
  return host.startsWith("*") ? name.endsWith(host.slice(1)) : host === name;
}
