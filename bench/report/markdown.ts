import type { Series } from "../case";
import { ratios, spread } from "../statistics";
import { number, quantity, times } from "./numbers";
import type { BenchReport, MeasuredCase } from "./schema";

/** A run and one case of it: what a document shows of a case. */
export interface Shown {
  readonly run: BenchReport;
  readonly measured: MeasuredCase;
}

/** The marks around what is generated in a document. @param name a case's, or `summary` */
export function marks(name: string): { readonly begin: string; readonly end: string } {
  return { begin: `<!-- bench ${name}: generated -->`, end: `<!-- /bench ${name} -->` };
}

/** A document with other text between the marks of a name. One without them stays as it is. */
export function withBlock(document: string, name: string, text: string): string {
  const { begin, end } = marks(name);
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from === -1 || to < from) return document;
  return `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`;
}

/** The names of the blocks that a document has. */
export function blocksIn(document: string): string[] {
  return [...document.matchAll(/^<!-- bench ([\w-]+): generated -->$/gm)].map(([, name = ""]) => name);
}

/** What a document shows of a case: its table, ratios, goals and plots, its notes, and what it was measured on. */
export function caseBlock({ run, measured }: Shown, plots: readonly string[]): string {
  const { name, series, goals, notes } = measured;
  const paragraphs = [
    table([["", "side", "median", "min", "max", "runs"], ...series.map(seriesRow)], "llrrrr"),
    ...compared(series),
    ...(goals.length === 0 ? [] : [table([["goal", "measured", "at most", ""], ...goals.map((goal) => [goal.name, quantity(goal.actual, goal.unit), quantity(goal.atMost, goal.unit), goal.met ? "met" : "**missed**"])], "lrrl")]),
    ...plots.map((file) => `![Plot of the case ${name}: the figures of the table](${file})`),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join("\n")]),
    origin(run),
  ];
  return paragraphs.join("\n\n");
}

/** The table of all cases' ratios and goals, for the README. */
export function summaryBlock(shown: readonly Shown[]): string {
  const rows = shown.flatMap(({ measured: { name, series, goals } }) => [
    ...ratios(series).map((one) => {
      const [own, other] = [one.side, one.other].map((side) => series.find((candidate) => candidate.name === one.name && candidate.side === side)!);
      return [`${name}: ${one.name}`, middle(own!), `${one.other}: ${middle(other!)}`, times(one.ratio)];
    }),
    ...goals.filter(({ unit }) => unit !== "×").map((goal) => [`${name}: ${goal.name}`, quantity(goal.actual, goal.unit), `goal: ${quantity(goal.atMost, goal.unit)}`, ""]),
  ]);
  const [first] = shown;
  const text = rows.length === 0 ? "" : table([["", "usmesh", "beside", "ratio"], ...rows], "lrrr");
  return [text, ...(first === undefined ? [] : [origin(first.run)])].filter(Boolean).join("\n\n");
}

function compared(series: readonly Series[]): string[] {
  const lines = ratios(series).map((one) => `- ${one.name}: ${one.side} takes ${times(one.ratio)} of ${one.other}.`);
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function seriesRow({ name, side, unit, values }: Series): string[] {
  const { median, min, max } = spread(values);
  return [name, side, quantity(median, unit), number(min), number(max), String(values.length)];
}

function middle({ unit, values }: Series): string {
  return quantity(spread(values).median, unit);
}

/** A sentence with date, machine and versions. */
export function origin({ date, machine, versions }: BenchReport): string {
  const { usmesh, node, pulumi, kubernetesProvider, istio, kind, kubernetes, downloads } = versions;
  const named: readonly (readonly [string, string | undefined])[] = [
    ["usmesh", usmesh],
    ["Node.js", node],
    ["Pulumi", pulumi],
    ["Kubernetes provider", kubernetesProvider],
    ["Istio", istio],
    ["", kind],
    ["nodes of", kubernetes],
    ["", downloads],
  ];
  const what = named.flatMap(([name, version]) => (version === undefined ? [] : [`${name} ${version}`.trim()]));
  const { cores, processor, memoryMiB, kernel, load } = machine;
  const where = `${cores} cores (${processor}), ${Math.round(memoryMiB / 1024)} GiB, ${kernel}, load before ${load.toFixed(1)}`;
  return `Measured ${date.slice(0, 10)} on ${where}; ${what.join(", ")}.`;
}

/** A table in Markdown. @param alignment a letter for each column: `l` or `r` */
function table(rows: readonly (readonly string[])[], alignment: string): string {
  const [heading = [], ...body] = rows;
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heading), line([...alignment].map((letter) => (letter === "r" ? "---:" : "---"))), ...body.map(line)].join("\n");
}
