import type { Retries } from "./kinds";

/** One request, as the client saw it. Times are milliseconds of the drill's clock. */
export interface Sample {
  readonly retries: Retries;
  readonly sent: number;
  readonly ended: number;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** Key of the cluster whose backend answered; undefined when a proxy did, or nobody. */
  readonly servedBy?: string;
}

/** When what happened. Milliseconds of the drill's clock. */
export interface Moments {
  /** When the drill began to make the failure. */
  readonly failed: number;
  /** When it began to repair it. */
  readonly healed: number;
}

/** Who answers before the failure, and who could do so during it. */
export interface Sides {
  readonly home: string;
  readonly elsewhere?: string;
}

/** The requests of one phase: before the failure, until its repair, or afterwards. */
export interface Counts {
  readonly sent: number;
  readonly failed: number;
  /** Those that failed, by HTTP status; `0` without an answer. */
  readonly failures: Readonly<Record<string, number>>;
  /** Answers with 200, by key of the cluster. */
  readonly answers: Readonly<Record<string, number>>;
}

/** What a failure cost. */
export interface Figures {
  readonly before: Counts;
  readonly during: Counts;
  readonly after: Counts;
  /** From the failure to the first answer from elsewhere; undefined when there was none, or when answers came from there before. */
  readonly secondsToElsewhere?: number;
  /** From the failure to the end of the last request that failed; undefined when none did. */
  readonly secondsFailing?: number;
  /** From the repair to the first answer from home; undefined when home never stopped to answer, or did not come back. */
  readonly secondsToBack?: number;
  /** Whether requests still failed at the end of the failure. */
  readonly failingAtTheEnd: boolean;
}

/** The end of a failure: what fails then was not survived. */
const END_MS = 2000;

export function isGood(sample: Sample): boolean {
  return sample.status === 200;
}

/** What the requests of one stream say about a failure. */
export function figuresOf(samples: readonly Sample[], { failed, healed }: Moments, { home, elsewhere }: Sides): Figures {
  // A request that was under way when the failure was made belongs to the failure.
  const before = samples.filter(({ ended }) => ended < failed);
  const during = samples.filter(({ sent, ended }) => ended >= failed && sent < healed);
  const after = samples.filter(({ sent }) => sent >= healed);
  const atTheEnd = during.filter(({ sent }) => sent >= healed - END_MS);
  const good = samples.filter(isGood);
  const first = (key: string | undefined, from: number): number | undefined => earliest(good.filter((s) => s.servedBy === key && s.ended >= from).map((s) => s.ended));
  const wasElsewhere = before.some((s) => isGood(s) && s.servedBy !== home);
  const homeStopped = !atTheEnd.some((s) => isGood(s) && s.servedBy === home);
  const failures = samples.filter((s) => !isGood(s) && s.ended >= failed).map((s) => s.ended);
  return {
    before: countsOf(before),
    during: countsOf(during),
    after: countsOf(after),
    secondsToElsewhere: wasElsewhere || elsewhere === undefined ? undefined : since(failed, first(elsewhere, failed)),
    secondsFailing: since(failed, latest(failures)),
    secondsToBack: homeStopped ? since(healed, first(home, healed)) : undefined,
    failingAtTheEnd: atTheEnd.some((s) => !isGood(s)),
  };
}

function countsOf(samples: readonly Sample[]): Counts {
  const bad = samples.filter((sample) => !isGood(sample));
  const answers = countBy(samples.filter(isGood), ({ servedBy = "unknown" }) => servedBy);
  return { sent: samples.length, failed: bad.length, failures: countBy(bad, ({ status }) => String(status)), answers };
}

function countBy(samples: readonly Sample[], group: (sample: Sample) => string): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const sample of samples) counted[group(sample)] = (counted[group(sample)] ?? 0) + 1;
  return counted;
}

/** Not `Math.min(...)`: a long drill at a high rate has more samples than a call may have arguments. */
function earliest(times: readonly number[]): number | undefined {
  return times.reduce<number | undefined>((least, time) => (least === undefined || time < least ? time : least), undefined);
}

function latest(times: readonly number[]): number | undefined {
  return times.reduce<number | undefined>((most, time) => (most === undefined || time > most ? time : most), undefined);
}

/** Seconds between two moments, to a hundredth. */
function since(start: number, end: number | undefined): number | undefined {
  return end === undefined ? undefined : Math.round((end - start) / 10) / 100;
}

/** How a stream has answered lately. */
export type State = "quiet" | "failing" | "mixed" | "home";

/**
 * How a stream has answered, by its requests that ended lately: `failing` when one failed; else `home` when home alone answered, `mixed` when
 * others did too; `quiet` when too few ended to tell.
 *
 * @param enough number of requests that must have ended.
 */
export function stateOf(recent: readonly Sample[], home: string, enough: number): State {
  if (recent.some((sample) => !isGood(sample))) return "failing";
  if (recent.length < enough) return "quiet";
  return recent.every(({ servedBy }) => servedBy === home) ? "home" : "mixed";
}
