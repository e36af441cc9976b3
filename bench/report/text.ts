import { tableLines } from "../../cli/lib/table";
import type { Goal, Series } from "../case";
import { ratios, spread } from "../statistics";
import { number, quantity, times } from "./numbers";
import { failedCases, measuredCases, type BenchReport, type MeasuredCase } from "./schema";

const HEADING = ["", "side", "median", "min", "max", "runs"] as const;

/** A run for a person: a table for each case with its ratios, goals and notes, and what could not be measured. */
export function textReport(report: BenchReport): string {
  const failures = failedCases(report).map(({ name, error }) => `${name}: not measured: ${error}`);
  return [...measuredCases(report).map((one) => caseLines(one).join("\n")), ...failures, summaryLine(report)].join("\n\n");
}

function caseLines({ name, seconds, series, goals, notes }: MeasuredCase): string[] {
  return [
    `${name} (${Math.round(seconds)} s in all)`,
    ...tableLines([HEADING, ...series.map(row)]).map((line) => `  ${line}`),
    ...ratios(series).map((one) => `  ${one.name}: ${one.side} takes ${times(one.ratio)} of ${one.other}`),
    ...goals.map((goal) => `  ${goalLine(goal)}`),
    ...notes.map((note) => `  ${note}`),
  ];
}

function row({ name, side, unit, values }: Series): string[] {
  const { median, min, max } = spread(values);
  return [name, side, quantity(median, unit), number(min), number(max), String(values.length)];
}

/** A goal with its figure, and whether it is met. */
export function goalLine({ name, actual, atMost, unit, met }: Goal & { readonly met: boolean }): string {
  return `${met ? "✓ met" : "✗ missed"}: ${name}: ${quantity(actual, unit)}, at most ${quantity(atMost, unit)}`;
}

function summaryLine(report: BenchReport): string {
  const goals = measuredCases(report).flatMap((one) => one.goals);
  const met = goals.filter((goal) => goal.met).length;
  return `${measuredCases(report).length} measured, ${failedCases(report).length} not measured; goals: ${met} met, ${goals.length - met} missed`;
}
