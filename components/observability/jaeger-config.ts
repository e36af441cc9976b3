import { stringify } from "yaml";
import { observerHost } from "../../topology/names";
import { PORTS } from "./ports";

/** What Jaeger of a cluster keeps, and who else gets it. */
export interface JaegerConfig {
  /** Keys of the other clusters, whose Jaeger gets the spans of this one. */
  readonly peers: readonly string[];
  /** Traces that are kept, the newest. */
  readonly maxTraces: number;
}

/** Name of the storage in the configuration. */
const STORAGE = "memory";
/** The exporter that writes to it. */
const STORE = "jaeger_storage_exporter";

/**
 * Jaeger's configuration, as YAML. Spans of the cluster's own proxies are kept and passed on to every other Jaeger; those that come from
 * another Jaeger are only kept, so that no span goes round in a circle.
 */
export function jaegerConfig({ peers, maxTraces }: JaegerConfig): string {
  const passOn = peers.map((peer) => `otlp/${peer}`);
  return stringify({
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: everywhere(PORTS.health) } },
      jaeger_storage: { backends: { [STORAGE]: { memory: { max_traces: maxTraces } } } },
      // Without traces of its own: `verify` asks it again and again.
      jaeger_query: { storage: { traces: STORAGE }, enable_tracing: false, http: { endpoint: everywhere(PORTS.query) } },
    },
    receivers: {
      otlp: { protocols: { grpc: { endpoint: everywhere(PORTS.spans) } } },
      "otlp/peers": { protocols: { grpc: { endpoint: everywhere(PORTS.peerSpans) } } },
    },
    // Small, since every peer has a queue of them in memory.
    processors: { batch: { timeout: "1s", send_batch_size: 512, send_batch_max_size: 512 } },
    exporters: {
      [STORE]: { trace_storage: STORAGE },
      // Plain text up to the sidecar, which makes it mutual TLS. What a cluster that is away for longer misses is not kept for it.
      ...Object.fromEntries(
        peers.map((peer) => [
          `otlp/${peer}`,
          {
            endpoint: `${observerHost("jaeger", peer)}:${PORTS.peerSpans}`,
            tls: { insecure: true },
            timeout: "5s",
            retry_on_failure: { max_elapsed_time: "30s" },
            sending_queue: { queue_size: 30 },
          },
        ]),
      ),
    },
    service: {
      extensions: ["healthcheckv2", "jaeger_storage", "jaeger_query"],
      pipelines: {
        "traces/own": { receivers: ["otlp"], processors: ["batch"], exporters: [STORE, ...passOn] },
        "traces/peers": { receivers: ["otlp/peers"], processors: ["batch"], exporters: [STORE] },
      },
      telemetry: { metrics: { level: "none" }, logs: { level: "warn" } },
    },
  });
}

function everywhere(port: number): string {
  return `0.0.0.0:${port}`;
}
