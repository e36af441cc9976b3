import type { CaseResult, Goal, Series } from "./case";

/** What a table says of a series, in its unit. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Of two sides of the same quantity: the median of the first, divided by that of the second. */
export interface Ratio {
  /** What both measured. */
  readonly name: string;
  readonly side: string;
  readonly other: string;
  readonly ratio: number;
}

/**
 * The middle value; of an even number of values the mean of both middle ones.
 *
 * @throws Error when there is no value, or one that is not a number.
 */
export function median(values: readonly number[]): number {
  if (values.length === 0 || !values.every(Number.isFinite)) throw new Error(`no median of [${values.join(", ")}]`);
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** See {@link Spread}. @throws Error as {@link median} */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** The ratios of a case: each series that comes first under its name, to every other one under that name. */
export function ratios(series: readonly Series[]): Ratio[] {
  return series.flatMap((other, index) => {
    const first = series.slice(0, index).find(({ name, unit }) => name === other.name && unit === other.unit);
    if (first === undefined) return [];
    return [{ name: other.name, side: first.side, other: other.side, ratio: median(first.values) / median(other.values) }];
  });
}

/** Whether a goal is met. What is not a number is not. */
export function isMet({ actual, atMost }: Goal): boolean {
  return actual <= atMost;
}

/** A goal for the median of one series divided by that of another. */
export function ratioGoal(name: string, values: readonly number[], others: readonly number[], atMost: number): Goal {
  return { name, actual: median(values) / median(others), atMost, unit: "×" };
}

/**
 * What the framework relies on in what a case returns.
 *
 * @throws Error when a series has no values, or two have the same name, side and unit.
 */
export function checkResult({ series, goals }: CaseResult): void {
  const seen = new Set<string>();
  for (const { name, side, unit, values } of series) {
    spread(values);
    const key = JSON.stringify([name, side, unit]);
    if (seen.has(key)) throw new Error(`the series ${name} of ${side} is there twice`);
    seen.add(key);
  }
  const odd = goals.find(({ actual, atMost }) => !Number.isFinite(actual) || !Number.isFinite(atMost));
  if (odd !== undefined) throw new Error(`the goal ${odd.name} has no number`);
}
