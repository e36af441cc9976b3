import { expect } from "chai";
import { parse } from "yaml";
import { PORTS } from "../../../../components/observability/ports";
import { prometheusConfig } from "../../../../components/observability/prometheus-config";

interface Job {
  readonly job_name: string;
  readonly metrics_path?: string;
  readonly honor_labels?: boolean;
  readonly params?: Record<string, string[]>;
  readonly static_configs?: { targets: string[] }[];
  readonly relabel_configs: { readonly source_labels?: string[]; readonly regex?: string; readonly target_label?: string; readonly replacement?: string; readonly action?: string }[];
}
interface Config {
  readonly global: object;
  readonly scrape_configs: Job[];
}
const config = (peers: string[] = [], scrapeIntervalSeconds = 15): Config => parse(prometheusConfig({ key: "west", peers, scrapeIntervalSeconds, retentionHours: 3 })) as Config;

describe("Prometheus' configuration", () => {
  it("reads istiod and each proxy of its own cluster when there is no other", () => {
    const { scrape_configs: jobs } = config();
    expect(jobs.map(({ job_name }) => job_name)).to.deep.equal(["istiod", "proxies"]);
    expect(jobs[0]?.relabel_configs).to.deep.include({ source_labels: ["__address__"], regex: "(.+?)(:\\d+)?", target_label: "__address__", replacement: "${1}:15014" });
    expect(jobs[1]).to.include({ metrics_path: "/stats/prometheus" });
    expect(jobs[1]?.relabel_configs).to.deep.include({ source_labels: ["__meta_kubernetes_pod_container_port_name"], regex: "http-envoy-prom", action: "keep" });
  });

  it("looks for istiod where that is, and for proxies in every namespace, of which it takes what has changed once", () => {
    const [istiod, proxies] = config().scrape_configs;
    expect(istiod).to.deep.include({ kubernetes_sd_configs: [{ role: "pod", namespaces: { names: ["istio-system"] } }] });
    expect(proxies).to.deep.include({ kubernetes_sd_configs: [{ role: "pod" }], params: { usedonly: [""] } });
  });

  it("calls a proxy after the label app of its pod, or by Istio's own name for it", () => {
    const named = config().scrape_configs[1]?.relabel_configs.filter(({ target_label }) => target_label === "app");
    expect(named).to.deep.equal([
      { source_labels: ["__meta_kubernetes_pod_label_app"], target_label: "app" },
      { source_labels: ["__meta_kubernetes_pod_label_service_istio_io_canonical_name"], regex: "(.+)", target_label: "app" },
    ]);
  });

  it("reads nothing of the mesh by a port at which a proxy asks for mutual TLS", () => {
    // Istio's injector excludes 15090 from what a sidecar takes in, and istiod has no sidecar.
    const [istiod, proxies] = config().scrape_configs;
    expect([PORTS.istiodStatistics, PORTS.proxyStatistics]).to.deep.equal([15014, 15090]);
    expect(istiod?.relabel_configs).to.deep.include({ source_labels: ["__meta_kubernetes_pod_label_app"], regex: "istiod", action: "keep" });
    expect(proxies?.relabel_configs.filter(({ target_label }) => target_label === "__address__")).to.deep.equal([]);
  });

  it("tells by a label which cluster each series is of, where it is read and where it is passed on", () => {
    const { global, scrape_configs: jobs } = config(["east"]);
    expect(global).to.deep.include({ external_labels: { cluster: "west" } });
    for (const { relabel_configs } of jobs) expect(relabel_configs).to.deep.include({ target_label: "cluster", replacement: "west" });
  });

  it("takes from every other cluster, through the mesh, what that has read itself, with its labels", () => {
    const [, , east, north] = config(["east", "north"]).scrape_configs;
    expect(east).to.deep.include({
      job_name: "federate-east",
      metrics_path: "/federate",
      honor_labels: true,
      static_configs: [{ targets: ["prometheus-east.usmesh-observability.svc.cluster.local:9090"] }],
    });
    expect(north?.params?.["match[]"]?.[0]).to.match(/^\{cluster="north",job=~"istiod\|proxies",__name__=~"/);
  });

  it("says everything where it belongs, so that people can read a job alone", () => {
    expect(prometheusConfig({ key: "west", peers: ["east"], scrapeIntervalSeconds: 15, retentionHours: 3 })).not.to.match(/[&*]a\d/);
  });

  it("keeps what it has read so long", () => {
    expect(config()).to.deep.nested.include({ "storage.tsdb.retention": { time: "3h" } });
  });

  it("waits at most as long for an answer as it reads again", () => {
    expect(config([], 5).global).to.include({ scrape_interval: "5s", scrape_timeout: "5s" });
    expect(config([], 60).global).to.include({ scrape_interval: "60s", scrape_timeout: "10s" });
  });
});
