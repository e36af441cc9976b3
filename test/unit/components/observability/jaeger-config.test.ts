import { expect } from "chai";
import { parse } from "yaml";
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

  it("makes no spans of its own", () => {
    expect(config()).to.have.nested.property("extensions.jaeger_query.enable_tracing", false);
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
