import type { PartResult, TestFailure } from "./result";

/** How a part ended, and how long it took. */
export interface TimedResult extends PartResult {
  readonly part: string;
  readonly seconds: number;
}

/** All parts together; `--json` prints this. */
export interface Summary {
  /** Version of this shape. */
  readonly version: 1;
  readonly passed: number;
  readonly failed: number;
  /** From beginning to end: less than the sum of the parts where some ran at the same time. */
  readonly seconds: number;
  readonly parts: readonly TimedResult[];
}

/**
 * Adds the parts up.
 *
 * @param seconds what all of them took together.
 */
export function summarize(parts: readonly TimedResult[], seconds: number): Summary {
  const sum = (value: (part: TimedResult) => number): number => parts.reduce((total, part) => total + value(part), 0);
  return {
    version: 1,
    passed: sum((part) => part.passed),
    failed: sum((part) => part.failures.length),
    seconds,
    parts,
  };
}

/** How many of the slowest files, and of the slowest tests, are shown. */
const SLOWEST = 10;

/** The slowest test files of all parts, and the slowest tests and hooks, a line each. */
export function slowestLines({ parts }: Summary): string[] {
  const files = slowest(parts.flatMap((part) => part.files.map(({ file, seconds }) => ({ what: file, seconds }))));
  const tests = slowest(parts.flatMap((part) => part.tests.map(({ title, seconds }) => ({ what: title, seconds }))));
  return [...under("the slowest files", files), ...under("the slowest tests", tests)];
}

function slowest(all: readonly { readonly what: string; readonly seconds: number }[]): string[] {
  const first = [...all].sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  return first.map(({ what, seconds }) => `  ${seconds.toFixed(1).padStart(7)} s  ${what}`);
}

function under(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${heading}:`, ...lines];
}

/** The summary as lines: what failed and why, a line a part, and `N passed, N failed` as the last one. */
export function summaryLines(summary: Summary): string[] {
  const failed = summary.parts.flatMap((part) => part.failures.flatMap((failure) => [`  ✗ ${part.part}: ${failure.title}`, ...reason(failure)]));
  const width = Math.max(...summary.parts.map((part) => part.part.length), 0);
  const parts = summary.parts.map((part) => {
    const counts = `${part.passed} passed, ${part.failures.length} failed${part.skipped ? `, ${part.skipped} skipped` : ""}`;
    return `  ${part.failures.length === 0 ? "✓" : "✗"} ${part.part.padEnd(width)}  ${part.seconds.toFixed(1).padStart(7)} s  ${counts}`;
  });
  return [...(failed.length ? [...failed, ""] : []), ...parts, `${summary.passed} passed, ${summary.failed} failed`];
}

/** How many lines of a message the summary repeats: all of it is above, where the test ran. */
const REASON_LINES = 4;

function reason(failure: TestFailure): string[] {
  const lines = failure.message.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(0, REASON_LINES).map((line) => `      ${line}`);
}
