/** How one request of a pair ended. */
export type Outcome =
  | { readonly kind: "answered"; /** From the client's proxy to the answer. */ readonly latencyMs: number }
  /** The mesh did not bring it to the right cluster and back. */
  | { readonly kind: "failed"; /** What was seen. */ readonly seen: string }
  /** It could not be sent, which says nothing about the pair. */
  | { readonly kind: "unasked"; readonly why: string };

/** How a pair is, by its last request. `unknown`: it could not be asked, or not yet. */
export type State = "works" | "fails" | "unknown";

/** A pair that is in another state than before. */
export interface Change {
  readonly from: State;
  readonly to: State;
  /** What was seen, or why it could not be asked. */
  readonly seen?: string;
  /** Milliseconds that the state before lasted. */
  readonly lastedMs: number;
  /** Requests that failed meanwhile. */
  readonly failed: number;
}

/** Counts of requests, and latencies in milliseconds. */
export interface Counts {
  readonly answered: number;
  readonly failed: number;
  readonly unasked: number;
  readonly p50?: number;
  readonly p99?: number;
  readonly max?: number;
}

/** Times in milliseconds from a new endpoint to its first request. */
export interface Propagation {
  /** How often it was measured. */
  readonly times: number;
  /** How often the endpoint did not get a request in time. */
  readonly missed: number;
  readonly last?: number;
  readonly median?: number;
  readonly max?: number;
}

/** What is counted of one pair from the beginning on, for {@link Statistics.histogram}. */
export interface Histogram {
  /** Values that are at most the bound, by bound. */
  readonly buckets: readonly (readonly [bound: number, count: number])[];
  readonly sum: number;
  readonly count: number;
}

interface Sample {
  readonly at: number;
  readonly outcome: Outcome;
}

/** What is known of one pair. Times are milliseconds of a clock that only goes forward. */
export class Statistics {
  private readonly recent: Sample[] = [];
  private readonly counts = { answered: 0, failed: 0, unasked: 0 };
  /** How often each latency was seen: latencies are whole milliseconds. */
  private readonly latencies = new Map<number, number>();
  private readonly propagations: number[] = [];
  private missed = 0;
  private current: State = "unknown";
  private since: number;
  private failedSince = 0;
  private seen: string | undefined;

  /** @param windowMs how far back {@link window} looks. */
  constructor(
    private readonly windowMs: number,
    now: number,
  ) {
    this.since = now;
  }

  /** Takes a request. @returns what changed with it; undefined when nothing did. */
  record(outcome: Outcome, at: number): Change | undefined {
    this.recent.push({ at, outcome });
    this.forget(at);
    this.counts[outcome.kind] += 1;
    if (outcome.kind === "answered") this.latencies.set(outcome.latencyMs, (this.latencies.get(outcome.latencyMs) ?? 0) + 1);
    const seen = outcome.kind === "failed" ? outcome.seen : outcome.kind === "unasked" ? outcome.why : undefined;
    const to = stateOf(outcome);
    const change = to === this.current ? undefined : { from: this.current, to, seen, lastedMs: at - this.since, failed: this.failedSince };
    if (change) {
      this.current = to;
      this.since = at;
      this.failedSince = 0;
    }
    if (outcome.kind === "failed") this.failedSince += 1;
    this.seen = seen;
    return change;
  }

  /** Takes the time from a new endpoint to its first request; undefined when there was none in time. */
  propagated(ms: number | undefined): void {
    if (ms === undefined) this.missed += 1;
    else this.propagations.push(ms);
  }

  /** How the pair is, for how long in milliseconds, and what was seen last where it does not work. */
  state(now: number): { readonly state: State; readonly forMs: number; readonly seen?: string } {
    return { state: this.current, forMs: now - this.since, ...(this.seen !== undefined && { seen: this.seen }) };
  }

  /** The last requests. */
  window(now: number): Counts {
    this.forget(now);
    const count = (kind: Outcome["kind"]): number => this.recent.filter(({ outcome }) => outcome.kind === kind).length;
    const latencies = this.recent.flatMap(({ outcome }) => (outcome.kind === "answered" ? [outcome.latencyMs] : []));
    return { answered: count("answered"), failed: count("failed"), unasked: count("unasked"), ...quantiles(latencies.map((latency) => [latency, 1])) };
  }

  /** All requests. */
  totals(): Counts {
    return { ...this.counts, ...quantiles([...this.latencies]) };
  }

  /** All measurements of {@link propagated}. */
  propagation(): Propagation {
    const { p50: median, max } = quantiles(this.propagations.map((ms) => [ms, 1]));
    const last = this.propagations.at(-1);
    return { times: this.propagations.length, missed: this.missed, ...(last !== undefined && { last, median, max }) };
  }

  /** Latencies, or times of propagation, by bounds in milliseconds. */
  histogram(of: "latency" | "propagation", bounds: readonly number[]): Histogram {
    const values = of === "latency" ? [...this.latencies] : this.propagations.map((ms) => [ms, 1] as const);
    const upTo = (bound: number): number => values.reduce((sum, [value, count]) => sum + (value <= bound ? count : 0), 0);
    return {
      buckets: bounds.map((bound) => [bound, upTo(bound)]),
      sum: values.reduce((sum, [value, count]) => sum + value * count, 0),
      count: upTo(Infinity),
    };
  }

  private forget(now: number): void {
    while (this.recent[0] !== undefined && this.recent[0].at <= now - this.windowMs) this.recent.shift();
  }
}

function stateOf({ kind }: Outcome): State {
  if (kind === "unasked") return "unknown";
  return kind === "answered" ? "works" : "fails";
}

/** The value below which half, and 99 of 100, of the values are, by nearest rank. @param values with how often each was seen. */
function quantiles(values: readonly (readonly [value: number, count: number])[]): { p50?: number; p99?: number; max?: number } {
  const sorted = [...values].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return {};
  const at = (share: number): number => {
    let left = Math.ceil(share * total);
    return sorted.find(([, count]) => (left -= count) <= 0)?.[0] ?? 0;
  };
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
