/** The load generator of the benchmark: how it is called, and what it says. */
import { z } from "zod";
import type { Finished } from "../../lib/process";

/** A load on one address. */
export interface Load {
  readonly url: string;
  /** Requests a second. Default: on each connection the next one follows the answer to the last. */
  readonly rate?: number;
  readonly connections: number;
  readonly seconds: number;
}

/** What the requests of a load took. All of them were answered with 200. */
export interface Measured {
  /** Milliseconds below which half of the requests were. */
  readonly p50: number;
  /** The same for 99 of 100. */
  readonly p99: number;
  /** Milliseconds of the slowest. */
  readonly max: number;
  /** Requests a second that were answered. */
  readonly perSecond: number;
  readonly requests: number;
}

/** Of the rate asked for, what has to be reached: with less, the latencies are those of another load. */
const RATE_REACHED = 0.98;

/** Seconds of the narrowest class in which latencies are counted. */
const RESOLUTION = 0.0001;

/** The part of fortio's report that is read. Durations are seconds. */
const report = z.object({
  ActualQPS: z.number(),
  RetCodes: z.record(z.string(), z.int()),
  DurationHistogram: z.object({
    Count: z.int(),
    Max: z.number(),
    Percentiles: z.array(z.object({ Percentile: z.number(), Value: z.number() })),
  }),
});

/** Arguments of the program, which writes its report to standard output. At a fixed rate, connections take turns, so that requests come one by one. */
export function loadArguments({ url, rate, connections, seconds }: Load): string[] {
  const numbers = { "-qps": rate ?? 0, "-c": connections, "-t": `${seconds}s`, "-r": RESOLUTION, "-p": "50,99" };
  return ["load", "-quiet", ...(rate === undefined ? [] : ["-uniform"]), ...Object.entries(numbers).flatMap(([name, value]) => [name, String(value)]), "-json", "-", url];
}

/** Arguments of the program as the server that is asked. It has no other port than this one, and no page. */
export function serverArguments(port: number): string[] {
  const off = ["-grpc-port", "-tcp-port", "-udp-port", "-redirect-port"].flatMap((name) => [name, "disabled"]);
  return ["server", "-quiet", "-http-port", String(port), ...off, "-ui-path", ""];
}

/**
 * What a load took.
 *
 * @param what names the load in the error.
 * @throws Error when a request failed, when there was none, or when the rate was not reached: then there is no figure.
 */
export function measuredBy(what: string, { rate }: Load, ended: Finished): Measured {
  const refuse = (why: string): Error => new Error(`${what}: ${why}`);
  if (ended.code !== 0) throw refuse(`the load generator ended with ${ended.code}: ${ended.stderr.trim().slice(-500)}`);
  const { ActualQPS: perSecond, RetCodes, DurationHistogram } = parsed(ended.stdout, refuse);
  const { Count: requests, Max, Percentiles } = DurationHistogram;
  const failed = Object.entries(RetCodes).filter(([status, count]) => status !== "200" && count > 0);
  if (failed.length > 0) throw refuse(`requests failed: ${failed.map(([status, count]) => `${count} with ${status === "-1" ? "no answer" : status}`).join(", ")}, of ${requests}`);
  if (requests === 0 || RetCodes["200"] !== requests) throw refuse(`${RetCodes["200"] ?? 0} answers to ${requests} requests were counted`);
  if (rate !== undefined && perSecond < RATE_REACHED * rate) throw refuse(`${perSecond.toFixed(1)} requests a second were sent instead of ${rate}: this machine is too busy`);
  const percentile = (wanted: number): number => {
    const found = Percentiles.find(({ Percentile }) => Percentile === wanted);
    if (found === undefined) throw refuse(`the load generator gave no percentile ${wanted}`);
    return milliseconds(found.Value);
  };
  return { p50: percentile(50), p99: percentile(99), max: milliseconds(Max), perSecond, requests };
}

function parsed(text: string, refuse: (why: string) => Error): z.infer<typeof report> {
  try {
    return report.parse(JSON.parse(text));
  } catch (error) {
    throw refuse(`the load generator's report cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1e5) / 100;
}

/**
 * Milliseconds from one request of a connection to the next. Until the slowest request takes longer, each is sent when it is due, and the
 * percentiles leave nothing out. A longer one delays the next of its connection, whose waiting is not counted.
 */
export function interval({ rate, connections }: Load & { readonly rate: number }): number {
  return (connections * 1000) / rate;
}
