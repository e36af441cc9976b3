import { OBSERVABILITY_NAMESPACE, observerHost } from "../../topology/names";
import type { Problem } from "../problems";
import type { CheckContext } from "./check";

/** Checks that the other clusters can reach each cluster's Prometheus and Jaeger. */
export function checkObservability({ settings, model }: CheckContext): Problem[] {
  if (!settings.observability.enabled) return [];
  const path = ["eastWest", "hosts"];
  const { hosts } = settings.eastWest;
  const closed = model.clusters.filter(({ key }) => !(["prometheus", "jaeger"] as const).every((app) => hosts.some((host) => covers(host, observerHost(app, key)))));
  if (closed.length === 0) return [];
  const message = `the other clusters could not reach Prometheus and Jaeger of ${closed.map(({ key }) => key).join(", ")}; add "*.${OBSERVABILITY_NAMESPACE}.svc.cluster.local"`;
  return [{ path, message, because: [path, ["observability", "enabled"], ["clusters"]] }];
}

/** Whether a host of a Gateway, which can be `*` and a domain, stands for a name. */
function covers(host: string, name: string): boolean {
  return host.startsWith("*") ? name.endsWith(host.slice(1)) : host === name;
}
