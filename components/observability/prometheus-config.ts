import { stringify } from "yaml";
import { ISTIO_NAMESPACE, observerHost } from "../../topology/names";
import { PORTS } from "./ports";

/** What Prometheus of a cluster reads. */
export interface PrometheusConfig {
  /** The cluster's key: the label `cluster` of everything that is read in it. */
  readonly key: string;
  /** Keys of the other clusters, whose Prometheus it reads. */
  readonly peers: readonly string[];
  readonly scrapeIntervalSeconds: number;
  /** Hours for which it keeps what it has read. */
  readonly retentionHours: number;
}

/** Longest time for one reading, in seconds. */
const MAX_TIMEOUT_SECONDS = 10;

/** Name of the port of a proxy's statistics, as the injector and the chart `gateway` declare it. */
const STATISTICS_PORT = "http-envoy-prom";

/** The statistics that other clusters have of a cluster. They are held by each of them, so only what says how requests and connections fare is among them. */
const SHARED = "up|pilot_(xds|proxy_convergence_time_.*)|istio_(requests|tcp_.*)_total|envoy_(cluster_upstream_rq|http_downstream_rq|listener_downstream_cx|tcp_downstream_cx).*";

type Relabel = Readonly<Record<string, unknown>>;

/** Prometheus' configuration, as YAML. */
export function prometheusConfig({ key, peers, scrapeIntervalSeconds, retentionHours }: PrometheusConfig): string {
  // A label and not only an external one: queries here tell the clusters apart as well.
  const cluster: Relabel = { target_label: "cluster", replacement: key };
  const timeout = Math.min(scrapeIntervalSeconds, MAX_TIMEOUT_SECONDS);
  const config = {
    global: { scrape_interval: `${scrapeIntervalSeconds}s`, scrape_timeout: `${timeout}s`, external_labels: { cluster: key } },
    storage: { tsdb: { retention: { time: `${retentionHours}h` } } },
    scrape_configs: [
      {
        job_name: "istiod",
        kubernetes_sd_configs: [{ role: "pod", namespaces: { names: [ISTIO_NAMESPACE] } }],
        relabel_configs: [
          { source_labels: [label("app")], regex: "istiod", action: "keep" },
          ...running,
          // All ports of a pod become this one, and Prometheus reads equal targets once.
          { source_labels: ["__address__"], regex: "(.+?)(:\\d+)?", target_label: "__address__", replacement: `\${1}:${PORTS.istiodStatistics}` },
          ...place,
          cluster,
        ],
      },
      {
        job_name: "proxies",
        metrics_path: "/stats/prometheus",
        // Without those that have never changed: most have not.
        params: { usedonly: [""] },
        kubernetes_sd_configs: [{ role: "pod" }],
        relabel_configs: [
          { source_labels: ["__meta_kubernetes_pod_container_port_name"], regex: STATISTICS_PORT, action: "keep" },
          ...running,
          ...place,
          { source_labels: [label("app")], target_label: "app" },
          { source_labels: [label("service_istio_io_canonical_name")], regex: "(.+)", target_label: "app" },
          cluster,
        ],
      },
      ...peers.map((peer) => ({
        job_name: `federate-${peer}`,
        metrics_path: "/federate",
        // Each gives what it has read itself, and not what it has from others.
        params: { "match[]": [`{cluster=${JSON.stringify(peer)},job=~"istiod|proxies",__name__=~${JSON.stringify(SHARED)}}`] },
        honor_labels: true,
        static_configs: [{ targets: [`${observerHost("prometheus", peer)}:${PORTS.prometheus}`] }],
        relabel_configs: [cluster],
      })),
    ],
  };
  return stringify(config, { aliasDuplicateObjects: false });
}

/** Only pods that have not ended, and have begun. */
const running: readonly Relabel[] = [{ source_labels: ["__meta_kubernetes_pod_phase"], regex: "Running", action: "keep" }];

/** Where a target is. */
const place: readonly Relabel[] = [
  { source_labels: ["__meta_kubernetes_namespace"], target_label: "namespace" },
  { source_labels: ["__meta_kubernetes_pod_name"], target_label: "pod" },
];

function label(name: string): string {
  return `__meta_kubernetes_pod_label_${name}`;
}
