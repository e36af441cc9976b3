import { Command, InvalidArgumentError, Option } from "commander";
import { ABOUT, CASE_NAMES, selectCases } from "../../bench/cases/about";
import { EXIT, MeshError } from "../../lib/errors";
import { say } from "../lib/say";

interface Options {
  readonly runs: number;
  readonly json?: boolean;
  readonly out?: string;
  readonly report?: string[];
}

/** How often each side is run by default: enough to see what is usual, where one run takes minutes. */
const RUNS = 3;

/** `./mesh bench`: how long it takes, beside what a user would do instead. */
export function benchCommand(): Command {
  const cases = CASE_NAMES.map((name) => `  ${name.padEnd(12)} ${ABOUT[name].summary}`).join("\n");
  return new Command("bench")
    .summary("measure how long it takes, beside what you would do instead")
    .description(
      [
        "Runs the cases named, or all of them, in this order: each side several times, in turns, on clusters of its own that are removed",
        "afterwards. Prints median, minimum and maximum, the ratio of the medians, and whether each goal is met. Nothing else should run",
        "on the machine meanwhile.",
        "",
        cases,
        "",
        "Exit codes: 0 everything was measured, whether or not the goals are met; 1 something could not be; 2 wrong usage, or something is missing.",
      ].join("\n"),
    )
    .argument("[case...]", "cases to run")
    .addOption(new Option("--runs <n>", "how often each side is run").default(RUNS).argParser(runs))
    .option("--json", "print the run as JSON on standard output (its schema is in bench/report/schema.ts)")
    .option("--out <folder>", "also write the JSON and all plots into this folder, which is created")
    .option("--report <file...>", "run nothing: write tables and plots of runs that --json or --out wrote into docs/performance.md and README.md")
    .action(async (names: string[], options: Options) => {
      if (options.report === undefined) process.exitCode = await bench(names, options);
      else process.exitCode = await writeReport(options.report, names);
    });
}

async function bench(names: readonly string[], { runs: times, json, out }: Options): Promise<number> {
  const { cases, unknown } = selectCases(names);
  if (unknown.length > 0) throw new MeshError("wrong-usage", `there is no case "${unknown.join('", "')}"`, `The cases are ${CASE_NAMES.join(", ")}.`, EXIT.unusable);
  const [{ runBench }, { textReport }, { failedCases }, { interruptible }] = await Promise.all([
    import("../../bench/run.js"),
    import("../../bench/report/text.js"),
    import("../../bench/report/schema.js"),
    import("../live/interrupt.js"),
  ]);
  const interrupted = new MeshError("bench-interrupted", "interrupted; what it started was removed", undefined, EXIT.interrupted);
  const report = await interruptible(interrupted, (signal) => runBench(cases, { runs: times, signal, say }));
  if (out !== undefined) {
    const { writeFolder } = await import("../../bench/report/files.js");
    say(`wrote ${writeFolder(report, out).join(", ")}`);
  }
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${textReport(report)}\n`);
  return failedCases(report).length === 0 ? EXIT.ok : EXIT.failed;
}

async function writeReport(files: readonly string[], cases: readonly string[]): Promise<number> {
  if (cases.length > 0) throw new MeshError("wrong-usage", "cases and --report were both given", "--report writes every case that is in its files.", EXIT.unusable);
  const { readReports, writeDocuments } = await import("../../bench/report/files.js");
  say(`wrote ${writeDocuments(readReports(files)).join(", ")}`);
  return EXIT.ok;
}

function runs(value: string): number {
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < 1 || parsed > 100) throw new InvalidArgumentError("It takes a whole number from 1 to 100.");
  return parsed;
}
