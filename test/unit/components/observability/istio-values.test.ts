import { expect } from "chai";
import { observedGateway, observedIstiod } from "../../../../components/observability/istio-values";

const PROVIDER = { name: "usmesh-jaeger", opentelemetry: { service: "jaeger-west.usmesh-observability.svc.cluster.local", port: 4317 } };

interface MeshConfig {
  readonly meshConfig: { readonly extensionProviders: object[]; readonly defaultConfig: { readonly proxyStatsMatcher: { readonly inclusionRegexps: string[] } } };
}
const values = (extra: object = {}): MeshConfig => observedIstiod("west", { ...extra }) as unknown as MeshConfig;
const counts = (name: string): boolean => values().meshConfig.defaultConfig.proxyStatsMatcher.inclusionRegexps.some((pattern) => new RegExp(`^(?:${pattern})$`).test(name));

describe("Istio's values of a mesh that is observed", () => {
  it("make proxies send spans to the Jaeger of their own cluster", () => {
    expect(values().meshConfig.extensionProviders).to.deep.equal([PROVIDER]);
  });

  it("keep the caller's values, lists included", () => {
    const own = { name: "own", zipkin: { service: "zipkin.tools.svc.cluster.local", port: 9411 } };
    const { meshConfig } = values({ meshConfig: { accessLogFile: "", extensionProviders: [own], defaultConfig: { concurrency: 1, proxyStatsMatcher: { inclusionRegexps: ["own"] } } } });
    expect(meshConfig).to.deep.include({ accessLogFile: "", extensionProviders: [own, PROVIDER] });
    expect(meshConfig.defaultConfig).to.include({ concurrency: 1 });
    expect(meshConfig.defaultConfig.proxyStatsMatcher.inclusionRegexps).to.include("own").and.have.length.greaterThan(1);
  });

  it("make proxies count requests and connections, and nothing about the servers that nobody asks for", () => {
    for (const name of [
      "http.outbound_0.0.0.0_80;.downstream_rq_total",
      "http.inbound_0.0.0.0_8080;.downstream_rq_5xx",
      "cluster.outbound|80||catalog.istioinaction.svc.cluster.local;.upstream_rq_total",
      "cluster.inbound|8080||;.upstream_rq_time",
      "listener.0.0.0.0_15443.downstream_cx_total",
      "tcp.outbound_.80_._.catalog.istioinaction.svc.cluster.local.downstream_cx_rx_bytes_total",
    ]) {
      expect(counts(name), name).to.equal(true);
    }
    for (const name of ["cluster.xds-grpc;.upstream_rq_total", "http.agent.downstream_rq_total", "cluster.outbound|80||a.b.svc.cluster.local;.upstream_cx_pool_overflow", "server.uptime"]) {
      expect(counts(name), name).to.equal(false);
    }
  });

  it("change the gateways' pods, which start again to count them", () => {
    expect(observedGateway()).to.deep.equal({ podAnnotations: { "usmesh.io/statistics": "requests-and-connections" } });
  });

  it("have no comma in a pattern: Istio separates patterns by it", () => {
    expect(values().meshConfig.defaultConfig.proxyStatsMatcher.inclusionRegexps.join("")).not.to.include(",");
  });
});
