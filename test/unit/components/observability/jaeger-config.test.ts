import { expect } from "chai";
import { parse } from "yaml";
import { PORTS } from "../../../../components/observability/ports";
import { jaegerConfig } from "../../../../components/observability/jaeger-config";

interface Config {
  readonly exporters: Record<string, { readonly endpoint?: string }>;
  readonly receivers: Record<string, unknown>;
  readonly service: { readonly pipelines: Record<string, { receivers: string[]; exporters: string[] }> };
}
const config = (peers: string[] = []): Config => parse(jaegerConfig({ peers, maxTraces: 100 })) as Config;

describe("Jaeger's configuration", () => {
  it("keeps spans in memory, so many traces", () => {
    expect(config()).to.deep.nested.include({ "extensions.jaeger_storage": { backends: { memory: { memory: { max_traces: 100 } } } } });
  });

  it("listens on every address of its pod, at a port for each purpose", () => {
    const at = (port: number): string => `0.0.0.0:${port}`;
    expect(config()).to.deep.nested.include({
      "extensions.healthcheckv2": { use_v2: true, http: { endpoint: at(PORTS.health) } },
      "extensions.jaeger_query.http": { endpoint: at(PORTS.query) },
      "receivers.otlp": { protocols: { grpc: { endpoint: at(PORTS.spans) } } },
      "receivers.otlp/peers": { protocols: { grpc: { endpoint: at(PORTS.peerSpans) } } },
    });
    expect(new Set([PORTS.health, PORTS.query, PORTS.spans, PORTS.peerSpans]).size).to.equal(4);
  });

  it("starts what keeps and shows the spans, and writes them where they are looked for", () => {
    expect(config().service).to.have.property("extensions").that.deep.equals(["healthcheckv2", "jaeger_storage", "jaeger_query"]);
    expect(config()).to.deep.nested.include({ "extensions.jaeger_query.storage": { traces: "memory" }, "exporters.jaeger_storage_exporter": { trace_storage: "memory" } });
  });

  it("keeps little for a peer that is away: each has a queue of its own, of small batches", () => {
    expect(config(["east"])).to.deep.nested.include({ "processors.batch": { timeout: "1s", send_batch_size: 512, send_batch_max_size: 512 } });
    for (const pipeline of Object.values(config().service.pipelines)) expect(pipeline).to.deep.include({ processors: ["batch"] });
    expect(config(["east"]).exporters["otlp/east"]).to.deep.include({ tls: { insecure: true }, retry_on_failure: { max_elapsed_time: "30s" }, sending_queue: { queue_size: 30 } });
  });

  it("makes no spans and no statistics of its own, and logs only what is wrong", () => {
    expect(config()).to.have.nested.property("extensions.jaeger_query.enable_tracing", false);
    expect(config()).to.deep.nested.include({ "service.telemetry": { metrics: { level: "none" }, logs: { level: "warn" } } });
  });

  it("passes the spans of its own cluster on to every other, and those of others to nobody", () => {
    const { exporters, service } = config(["east", "north"]);
    expect(service.pipelines["traces/own"]?.exporters).to.deep.equal(["jaeger_storage_exporter", "otlp/east", "otlp/north"]);
    expect(service.pipelines["traces/peers"]?.exporters).to.deep.equal(["jaeger_storage_exporter"]);
    expect(exporters["otlp/east"]?.endpoint).to.equal("jaeger-east.usmesh-observability.svc.cluster.local:4319");
  });

  it("uses no receiver and no exporter that it does not define, and defines none that it does not use", () => {
    const { exporters, receivers, service } = config(["east"]);
    const used = (what: "receivers" | "exporters"): string[] => [...new Set(Object.values(service.pipelines).flatMap((pipeline) => pipeline[what]))];
    expect(used("receivers")).to.have.members(Object.keys(receivers));
    expect(used("exporters")).to.have.members(Object.keys(exporters));
  });
});
