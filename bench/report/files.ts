import * as fs from "node:fs";
import * as path from "node:path";
import { EXIT, MeshError } from "../../lib/errors";
import { repositoryRoot } from "../../lib/paths";
import { barPlot } from "./bars";
import { blockIn, blocksIn, caseBlock, summaryBlock, withBlock, type Shown } from "./markdown";
import { benchReport, measuredCases, type BenchReport, type MeasuredCase } from "./schema";

/** The document with a block for each case, and the one with the summary. */
const [DOCUMENT, README] = ["docs/performance.md", "README.md"];

/** Folder of the plots in the repository. */
const IMAGES = "docs/images";

/** More bars than this cannot be read in one picture: a case with so many series draws its own. */
const MOST_BARS = 24;

/** The plots of a case by file name: a bar plot of each unit, where that is not too much, and its own pictures. */
export function plotsOf({ name, series, pictures }: MeasuredCase): Readonly<Record<string, string>> {
  const units = [...new Set(series.map(({ unit }) => unit))].filter((unit) => unit !== "count");
  const bars = units.flatMap((unit) => {
    const shown = series.filter((one) => one.unit === unit);
    const plot = shown.length > MOST_BARS ? undefined : barPlot(`${name}, ${unit}`, shown);
    const word = unit.replace("1/s", "per-second").replace("%", "percent").toLowerCase();
    return plot === undefined ? [] : [[`bench-${name}-${word}.svg`, plot.svg()] as const];
  });
  return { ...Object.fromEntries(bars), ...Object.fromEntries(Object.entries(pictures).map(([file, svg]) => [`bench-${file}`, svg])) };
}

/** Writes a run's JSON and its plots into a folder. @returns the files' paths */
export function writeFolder(report: BenchReport, folder: string): string[] {
  fs.mkdirSync(folder, { recursive: true });
  const files = { "bench.json": `${JSON.stringify(report, null, 2)}\n`, ...Object.assign({}, ...measuredCases(report).map(plotsOf)) as Record<string, string> };
  return Object.entries(files).map(([name, text]) => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, text);
    return file;
  });
}

/** Reads runs. @throws MeshError naming the file that is none */
export function readReports(files: readonly string[]): BenchReport[] {
  return files.map((file) => {
    try {
      return benchReport.parse(JSON.parse(fs.readFileSync(file, "utf8")));
    } catch (error) {
      throw new MeshError("bench-report-unreadable", `${file} is not the JSON of a run of ./mesh bench`, (error as Error).message, EXIT.unusable);
    }
  });
}

/** Each case as its newest run has it, in the order of the cases in the runs. */
export function newest(reports: readonly BenchReport[]): Shown[] {
  const all = reports.flatMap((run) => measuredCases(run).map((measured): Shown => ({ run, measured })));
  const byName = new Map<string, Shown>();
  for (const shown of all) {
    const known = byName.get(shown.measured.name);
    if (known === undefined || known.run.date < shown.run.date) byName.set(shown.measured.name, shown);
  }
  return [...byName.values()];
}

/**
 * Writes the cases of runs into the blocks of the documents, and their plots beside. A case that no run has keeps what is written.
 *
 * @param root the repository.
 * @returns the files that were written, from the root
 */
export function writeDocuments(reports: readonly BenchReport[], root: string = repositoryRoot): string[] {
  const shown = newest(reports);
  const read = (file: string): string => fs.readFileSync(path.join(root, file), "utf8");
  const written: string[] = [];
  const write = (file: string, text: string): void => {
    fs.writeFileSync(path.join(root, file), text);
    written.push(file);
  };
  let document = read(DOCUMENT);
  const places = blocksIn(document);
  for (const one of shown.filter(({ measured }) => places.includes(measured.name))) {
    const plots = plotsOf(one.measured);
    for (const [file, svg] of Object.entries(plots)) write(path.join(IMAGES, file), svg);
    document = withBlock(document, one.measured.name, caseBlock(one, Object.keys(plots).map((file) => path.posix.join("images", file))));
  }
  write(DOCUMENT, document);
  const readme = read(README);
  write(README, withBlock(readme, "summary", summaryBlock(shown, blockIn(readme, "summary"))));
  return written;
}
