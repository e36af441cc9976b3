/** The figures of the data plane, from what each load took. */
import type { Series } from "../case";
import { interval, type Load, type Measured } from "./fortio";
import { BODY_BYTES, WAYS, type Way } from "./load-objects";
import { sideOf } from "./load-workloads";

/** With which latency is measured: as slow as leaves this machine idle for most of the time. And with which throughput is. */
export const STEADY = { rate: 200, connections: 16, seconds: 10 } as const satisfies Omit<Load, "url">;
export const FULL = { connections: 16, seconds: 5 } as const satisfies Omit<Load, "url">;

/** What one way took, in every run. */
export interface Taken {
  readonly way: Way;
  readonly steady: readonly Measured[];
  readonly full: readonly Measured[];
}

/** Latency and throughput of each way. */
export function dataplaneSeries(taken: readonly Taken[]): Series[] {
  return taken.flatMap(({ way, steady, full }) => {
    const series = (what: string, unit: Series["unit"], values: readonly number[]): Series => ({ name: `${way.name}: ${what}`, side: sideOf(way.side), unit, values });
    return [
      series(`p50 at ${STEADY.rate} requests a second`, "ms", steady.map(({ p50 }) => p50)),
      series(`p99 at ${STEADY.rate} requests a second`, "ms", steady.map(({ p99 }) => p99)),
      series(`requests a second on ${FULL.connections} connections`, "1/s", full.map(({ perSecond }) => Math.round(perSecond))),
    ];
  });
}

/** What a reader of the figures needs to know. */
export function dataplaneNotes(taken: readonly Taken[]): string[] {
  const dueMs = interval({ ...STEADY, url: "" });
  const late = taken.flatMap(({ way, steady }) => steady.filter(({ max }) => max > dueMs).map(({ max }) => `${way.name}, ${sideOf(way.side)}: ${max} ms`));
  return [
    `Latency: ${STEADY.seconds} s at ${STEADY.rate} requests a second over ${STEADY.connections} connections, ${STEADY.rate * STEADY.seconds} requests a run; throughput: ${FULL.seconds} s with ${FULL.connections} requests at a time. Answers of ${BODY_BYTES} bytes, HTTP/1.1 with connections that stay open; no proxy repeats a request, and every request was answered.`,
    "Client, servers, proxies and both clusters share this machine, so that throughput is bounded by its processors and not by a network. Envoy has none of Istio's own filters in the air gap.",
    late.length === 0
      ? `No request took longer than the ${dueMs} ms after which its connection had the next to send, so that each was sent when it was due.`
      : `Some requests took longer than the ${dueMs} ms after which their connection had the next to send. That one was late, and its waiting is in no figure: p99 may be too low. The slowest of such runs: ${late.join("; ")}.`,
  ];
}

/** All ways, with nothing measured yet. */
export function noneTaken(): { way: Way; steady: Measured[]; full: Measured[] }[] {
  return WAYS.map((way) => ({ way, steady: [], full: [] }));
}
