import { tableLines } from "../lib/table";
import type { Pair } from "./metrics";
import type { Change, Counts, Propagation, State } from "./statistics";

const SIGNS: Readonly<Record<State, string>> = { works: "✓", fails: "✗", unknown: "?" };

/** One line a pair: how it is, and its last requests. */
export function pairLines(pairs: readonly Pair[], now: number): string[] {
  const rows = pairs.map(({ from, to, statistics }) => {
    const { state, forMs, seen } = statistics.state(now);
    const counts = statistics.window(now);
    const note = state === "works" ? "" : `${seen ?? "not asked yet"}, for ${duration(forMs)}`;
    return [`${SIGNS[state]} ${from} → ${to}`, success(counts), milliseconds(counts.p50), milliseconds(counts.p99), newest(statistics.propagation()), note];
  });
  return tableLines([["  pair", "success", "p50", "p99", "new endpoint", ""], ...rows]);
}

/** What there was in all: one line a pair. */
export function totalLines(pairs: readonly Pair[]): string[] {
  const rows = pairs.map(({ from, to, statistics }) => {
    const counts = statistics.totals();
    const { times, missed, median, max } = statistics.propagation();
    return [
      `${from} → ${to}`,
      String(counts.answered + counts.failed),
      String(counts.failed),
      String(counts.unasked),
      milliseconds(counts.p50),
      milliseconds(counts.p99),
      milliseconds(counts.max),
      `${times}${missed > 0 ? ` and ${missed} missed` : ""}`,
      seconds(median),
      seconds(max),
    ];
  });
  return tableLines([["pair", "requests", "failed", "not asked", "p50", "p99", "max", "new endpoints", "their median", "their max"], ...rows]);
}

/** A pair that is in another state, as a line. */
export function changeLine(from: string, to: string, change: Change): string {
  const pair = `${SIGNS[change.to]} ${from} → ${to}`;
  if (change.to === "fails") return `${pair} fails: ${change.seen}`;
  if (change.to === "unknown") return `${pair} cannot be asked: ${change.seen}`;
  if (change.from === "unknown") return `${pair} works`;
  return `${pair} works again after ${duration(change.lastedMs)}, in which ${change.failed} ${change.failed === 1 ? "request" : "requests"} failed`;
}

function success({ answered, failed }: Counts): string {
  const all = answered + failed;
  if (all === 0) return "-";
  // Never rounded up to all, nor down to none.
  const percent = (100 * answered) / all;
  const shown = failed > 0 && percent > 99.9 ? "99.9" : answered > 0 && percent < 0.1 ? "0.1" : percent.toFixed(1);
  return `${shown.replace(/\.0$/, "")}% of ${all}`;
}

function newest({ last, median, missed }: Propagation): string {
  if (last === undefined) return missed > 0 ? `${missed} missed` : "-";
  return `${seconds(last)}, median ${seconds(median)}`;
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? "-" : `${value} ms`;
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "-" : `${(ms / 1000).toFixed(2)} s`;
}

/** A time as people say it. */
export function duration(ms: number): string {
  const all = ms / 1000;
  if (all < 10) return `${all.toFixed(1)} s`;
  if (all < 120) return `${Math.floor(all)} s`;
  return `${Math.floor(all / 60)} min ${Math.floor(all % 60)} s`;
}
