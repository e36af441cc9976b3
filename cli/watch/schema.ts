import { z } from "zod";
import type { Pair } from "./metrics";
import type { Change, Counts } from "./statistics";

/** Raised whenever a field is removed or changes its meaning. A new field, or a new type of event, does not raise it. */
export const WATCH_VERSION = 1;

const state = z.enum(["works", "fails", "unknown"]);
const milliseconds = z.number().nonnegative();

const counts = z.strictObject({
  answered: z.int(),
  failed: z.int(),
  /** Requests that could not be sent, which says nothing about the pair. */
  unasked: z.int(),
  /** Latencies in milliseconds; absent without an answer. */
  p50: milliseconds.optional(),
  p99: milliseconds.optional(),
  max: milliseconds.optional(),
});

const pair = z.strictObject({
  from: z.string(),
  to: z.string(),
  state,
  /** What was seen last, where the pair does not work. */
  seen: z.string().optional(),
  requests: counts,
  /** Times in milliseconds from a new endpoint to its first request. */
  propagation: z.strictObject({ times: z.int(), missed: z.int(), last: milliseconds.optional(), median: milliseconds.optional(), max: milliseconds.optional() }),
});

const event = { version: z.literal(WATCH_VERSION), /** RFC 3339. */ time: z.iso.datetime() };

/** What `./mesh watch --json` prints: one object in each line. */
export const watchEvent = z.discriminatedUnion("type", [
  /** A pair is in another state than before. */
  z.strictObject({ ...event, type: z.literal("change"), from: z.string(), to: z.string(), state, seen: z.string().optional() }),
  /** How all pairs are; `requests` are those of the last minute. */
  z.strictObject({ ...event, type: z.literal("pairs"), pairs: z.array(pair) }),
  /** The last one: `requests` are all that were sent. */
  z.strictObject({ ...event, type: z.literal("totals"), seconds: z.number(), pairs: z.array(pair) }),
]);

export type WatchEvent = z.infer<typeof watchEvent>;
type PairReport = z.infer<typeof pair>;

export function changeEvent(time: string, from: string, to: string, { to: now, seen }: Change): WatchEvent {
  return { version: WATCH_VERSION, time, type: "change", from, to, state: now, ...(seen !== undefined && { seen }) };
}

export function pairsEvent(time: string, pairs: readonly Pair[], now: number): WatchEvent {
  return { version: WATCH_VERSION, time, type: "pairs", pairs: pairs.map((one) => pairReport(one, now, one.statistics.window(now))) };
}

export function totalsEvent(time: string, pairs: readonly Pair[], now: number, seconds: number): WatchEvent {
  return { version: WATCH_VERSION, time, type: "totals", seconds, pairs: pairs.map((one) => pairReport(one, now, one.statistics.totals())) };
}

function pairReport({ from, to, statistics }: Pair, now: number, requests: Counts): PairReport {
  const { state: is, seen } = statistics.state(now);
  return { from, to, state: is, ...(seen !== undefined && { seen }), requests, propagation: statistics.propagation() };
}
