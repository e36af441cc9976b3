import type { Histogram, Statistics } from "./statistics";

/** Bounds of the histograms in seconds. */
const LATENCY = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1] as const;
const PROPAGATION = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10] as const;

/** An ordered pair of clusters with what is known of it. */
export interface Pair {
  readonly from: string;
  readonly to: string;
  readonly statistics: Statistics;
}

type Labels = Readonly<Record<string, string>>;
type Series = readonly (readonly [labels: Labels, value: number, suffix?: string])[];

/** What is known of all pairs, in Prometheus' text format. */
export function metricsText(pairs: readonly Pair[], now: number): string {
  const each = (values: (pair: Pair, labels: Labels) => Series): Series => pairs.flatMap((pair) => values(pair, { from: pair.from, to: pair.to }));
  const metric = (name: string, type: string, help: string, series: Series): string[] => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...series.map(([labels, value, suffix = ""]) => `${name}${suffix}${labelText(labels)} ${value}`),
  ];
  return [
    ...metric(
      "mesh_pair_requests_total",
      "counter",
      "Requests from one cluster to another, by whether the right cluster answered.",
      each(({ statistics }, labels) => {
        const { answered, failed } = statistics.totals();
        return [
          [{ ...labels, result: "success" }, answered],
          [{ ...labels, result: "failure" }, failed],
        ];
      }),
    ),
    ...metric(
      "mesh_pair_unasked_total",
      "counter",
      "Requests that could not be sent, which says nothing about the pair.",
      each(({ statistics }, labels) => [[labels, statistics.totals().unasked]]),
    ),
    ...metric(
      "mesh_pair_up",
      "gauge",
      "1 when the last request was answered, 0 when it failed; absent while the pair cannot be asked.",
      each(({ statistics }, labels) => {
        const { state } = statistics.state(now);
        return state === "unknown" ? [] : [[labels, state === "works" ? 1 : 0]];
      }),
    ),
    ...metric("mesh_pair_latency_seconds", "histogram", "Time from the client's proxy to the answer.", each(({ statistics }, labels) => histogram(labels, statistics.histogram("latency", inMs(LATENCY))))),
    ...metric(
      "mesh_pair_propagation_seconds",
      "histogram",
      "Time from a new endpoint in one cluster to its first request from the other.",
      each(({ statistics }, labels) => histogram(labels, statistics.histogram("propagation", inMs(PROPAGATION)))),
    ),
    ...metric(
      "mesh_pair_propagation_missed_total",
      "counter",
      "New endpoints that got no request in time.",
      each(({ statistics }, labels) => [[labels, statistics.propagation().missed]]),
    ),
    "",
  ].join("\n");
}

function inMs(seconds: readonly number[]): number[] {
  return seconds.map((bound) => bound * 1000);
}

function histogram(labels: Labels, { buckets, sum, count }: Histogram): Series {
  return [
    ...buckets.map(([bound, below]) => [{ ...labels, le: String(bound / 1000) }, below, "_bucket"] as const),
    [{ ...labels, le: "+Inf" }, count, "_bucket"],
    [labels, sum / 1000, "_sum"],
    [labels, count, "_count"],
  ];
}

function labelText(labels: Labels): string {
  const escaped = (value: string): string => value.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(",")}}`;
}
