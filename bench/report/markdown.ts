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
  const place = placeOf(document, name);
  return place === undefined ? document : `${document.slice(0, place.from)}\n${text}\n${document.slice(place.to)}`;
}

/** What is between the marks of a name; nothing without them. */
export function blockIn(document: string, name: string): string {
  const place = placeOf(document, name);
  return place === undefined ? "" : document.slice(place.from, place.to).trim();
}

function placeOf(document: string, name: string): { readonly from: number; readonly to: number } | undefined {
  const { begin, end } = marks(name);
  const [at, to] = [document.indexOf(begin), document.indexOf(end)];
  return at === -1 || to < at ? undefined : { from: at + begin.length, to };
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

/** Who is measured beside others in the README. */
const OWN = "usmesh";

/**
 * The table of all cases for the README: of each what is measured beside something else, and its goals in seconds; of one that has neither,
 * its first series.
 *
 * @param before the block as it is: cases that were not measured now keep their rows, and the order of cases stays.
 */
export function summaryBlock(shown: readonly Shown[], before = ""): string {
  const rows = new Map<string, string[]>();
  for (const line of before.split("\n")) {
    const [, name] = /^\| ([\w-]+): /.exec(line) ?? [];
    if (name !== undefined) rows.set(name, [...(rows.get(name) ?? []), line]);
  }
  for (const one of shown) rows.set(one.measured.name, summaryRows(one).map(row));
  const [newest] = [...shown].sort((one, other) => (one.run.date < other.run.date ? 1 : -1));
  if (newest === undefined) return before;
  const last = `The newest figures: ${origin(newest.run)} The others keep the rows of earlier runs; [Performance](docs/performance.md) has the date and the machine of each.`;
  return [[table([["", "usmesh", "beside", "ratio"]], "lrrr"), ...[...rows.values()].flat()].join("\n"), last].join("\n\n");
}

function summaryRows({ measured: { name, series, goals } }: Shown): string[][] {
  const of = (what: string, side: string): string => middle(series.find((one) => one.name === what && one.side === side)!);
  const beside = ratios(series)
    .filter(({ side }) => side === OWN)
    .map((one) => [`${name}: ${one.name}`, of(one.name, one.side), `${one.other}: ${of(one.name, one.other)}`, times(one.ratio)]);
  const within = goals.filter(({ unit }) => unit === "s").map((goal) => [`${name}: ${goal.name}`, quantity(goal.actual, goal.unit), `goal: ${quantity(goal.atMost, goal.unit)}`, ""]);
  const rows = [...beside, ...within];
  return rows.length > 0 ? rows : series.slice(0, 1).map((one) => [`${name}: ${one.name}`, middle(one), "", ""]);
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
  return [row(heading), row([...alignment].map((letter) => (letter === "r" ? "---:" : "---"))), ...body.map(row)].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
