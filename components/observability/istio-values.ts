import { isTree, merge, type Tree } from "../../lib/merge";
import { observerHost } from "../../topology/names";
import { PORTS } from "./ports";

/** Istio's name for the cluster's Jaeger, by which a Telemetry resource chooses it. */
export const TRACING_PROVIDER = "usmesh-jaeger";

/** Annotation of the gateways' pods: other statistics are counted by a proxy that starts, so the gateways start again. */
const STATISTICS_ANNOTATION = "usmesh.io/statistics";

/**
 * Envoy's statistics that proxies count beside those that Istio always has: requests and their time by listener and by service, and
 * connections and bytes, which are all that a gateway between networks sees of a request.
 */
const STATISTICS: readonly string[] = [
  "http\\.(inbound|outbound)_.*downstream_rq_(total|[1-5]xx|time)",
  "cluster\\.(inbound|outbound).*upstream_rq_(total|[1-5]xx|time|timeout|retry)",
  "listener\\..*downstream_cx_(total|active)",
  "tcp\\..*downstream_cx_(total|rx_bytes_total|tx_bytes_total)",
];

/** Values of the chart `istiod` with which the proxies of a cluster send spans to its Jaeger and count more. The caller's lists are kept. */
export function observedIstiod(key: string, extra: Tree = {}): Tree {
  const mesh = tree(extra["meshConfig"]);
  const matcher = tree(tree(mesh["defaultConfig"])["proxyStatsMatcher"]);
  const provider = { name: TRACING_PROVIDER, opentelemetry: { service: observerHost("jaeger", key), port: PORTS.spans } };
  return merge(extra, {
    meshConfig: {
      extensionProviders: [...list(mesh["extensionProviders"]), provider],
      defaultConfig: { proxyStatsMatcher: { inclusionRegexps: [...list(matcher["inclusionRegexps"]), ...STATISTICS] } },
    },
  });
}

/** Values of the chart `gateway` with which a gateway that runs starts again when it is to count other statistics. */
export function observedGateway(): Tree {
  return { podAnnotations: { [STATISTICS_ANNOTATION]: "requests-and-connections" } };
}

function tree(value: unknown): Tree {
  return isTree(value) ? value : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
