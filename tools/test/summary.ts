/** One test that failed. */
export interface TestFailure {
  /** Full title: suites, then the test. */
  readonly title: string;
  readonly message: string;
}

/** How a part ended. */
export interface PartResult {
  /** Tests that passed. */
  readonly passed: number;
  /** Tests that did not run: they do not apply here, or a step before them failed. */
  readonly skipped: number;
  /** Tests that failed, and hooks that did. */
  readonly failures: readonly TestFailure[];
}

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
  readonly seconds: number;
  readonly parts: readonly TimedResult[];
}

/** A part that failed as a whole. */
export function failedAsAWhole(title: string, message: string): PartResult {
  return { passed: 0, skipped: 0, failures: [{ title, message }] };
}

/**
 * A part that is one command and either passes or fails as a whole.
 *
 * @param code the command's exit code.
 */
export function resultOfCommand(title: string, code: number): PartResult {
  return code === 0 ? { passed: 1, skipped: 0, failures: [] } : failedAsAWhole(title, `exit code ${code}`);
}

/**
 * A part whose tests mocha ran. A run that passed every test and still failed (it crashed, was ended, or found no test) counts as
 * one failure.
 *
 * @param report what the reporter wrote; undefined when it wrote nothing.
 * @param code mocha's exit code.
 */
export function resultOfMocha(title: string, report: string | undefined, code: number): PartResult {
  const result = report === undefined ? undefined : parseReport(report);
  if (!result) return failedAsAWhole(title, `the run ended early, exit code ${code}`);
  if (result.failures.length === 0 && result.passed === 0) return failedAsAWhole(title, "no test was found");
  if (result.failures.length === 0 && code !== 0) {
    return { ...result, failures: [{ title, message: `every test passed, and yet the exit code was ${code}` }] };
  }
  return result;
}

/** Adds the parts up. */
export function summarize(parts: readonly TimedResult[]): Summary {
  const sum = (value: (part: TimedResult) => number): number => parts.reduce((total, part) => total + value(part), 0);
  return {
    version: 1,
    passed: sum((part) => part.passed),
    failed: sum((part) => part.failures.length),
    seconds: sum((part) => part.seconds),
    parts,
  };
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

/** Most lines of a message that the summary repeats: the whole is above, where the test ran. */
const REASON_LINES = 4;

function reason(failure: TestFailure): string[] {
  const lines = failure.message.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(0, REASON_LINES).map((line) => `      ${line}`);
}

function parseReport(report: string): PartResult | undefined {
  try {
    return JSON.parse(report) as PartResult;
  } catch {
    return undefined;
  }
}
