/** What a case of `./mesh bench` is, and what it returns. The runner knows no more of a case than this. */

/** One measured quantity of one side: all runs of it, in the order in which they were taken. */
export interface Series {
  /** What was measured, in words that a table's row can begin with: `up of west and east`. */
  readonly name: string;
  /** Which side: `usmesh`, or what it is measured beside, such as `script` or `empty program`. */
  readonly side: string;
  readonly unit: "s" | "ms" | "MiB" | "count" | "1/s" | "%";
  /** At least one; never filled in for a run that failed. */
  readonly values: readonly number[];
}

/** A figure that must hold: a ratio of medians, or a median, with its limit. */
export interface Goal {
  readonly name: string;
  readonly actual: number;
  /** Inclusive. */
  readonly atMost: number;
  readonly unit: "×" | "s" | "%";
}

export interface CaseResult {
  readonly series: readonly Series[];
  readonly goals: readonly Goal[];
  /** Sentences that a reader of the figures needs: sizes, what was left out and why. */
  readonly notes: readonly string[];
  /** SVG pictures by file name, such as `up-gantt.svg`. */
  readonly pictures?: Readonly<Record<string, string>>;
}

export interface BenchContext {
  /** How often each side is run; they take turns. */
  readonly runs: number;
  readonly signal: AbortSignal;
  /** Tells the user what happens now, on standard error. */
  readonly say: (line: string) => void;
  /** A private folder of this run; removed at its end. */
  readonly folder: string;
}

export interface BenchCase {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** What must be built before: nothing, the tools and plugins, or also a Docker engine and images. */
  readonly needs: "nothing" | "tools" | "cluster";
  run(context: BenchContext): Promise<CaseResult>;
}
