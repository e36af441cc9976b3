import { Command, InvalidArgumentError, Option } from "commander";
import { EXIT, MeshError } from "../../lib/errors";
import { FAILURES, type FailureName, RETRIES, type Retries } from "../drill/kinds";
import { collect } from "../live/options";

interface Options {
  readonly pair: string[];
  readonly only?: FailureName[];
  readonly retries: Retries | "both";
  readonly rate: number;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** The highest rate: above it, this machine and the way to the client would be measured. */
const MAX_RATE = 200;

/** `./mesh drill`: makes failures on purpose, and measures what they cost. */
export function drillCommand(): Command {
  return new Command("drill")
    .summary("make failures on purpose, and measure what they cost")
    .description(
      "Makes failures in the mesh of the stacks named (local by default), one after another, while a client sends requests, and reports for\n" +
        "each ordered pair of clusters how many failed and how long it took until another cluster answered. It works in a namespace of its\n" +
        "own with workloads of its own, says first what it will do, asks, and removes everything at the end.\n\n" +
        `Failures: ${FAILURES.join(", ")}. The last three touch whole clusters, and are made in kind clusters alone.\n` +
        "Exit codes: 0 every failure was survived; 1 one was not, or could not be measured; 2 none could be made.\n" +
        "docs/drill.md describes each failure and each figure.",
    )
    .argument("[stack...]", "stacks whose clusters belong to the mesh")
    .option("--pair <pair>", "this ordered pair alone, west:east or \"west->east\"; may be repeated", collect, [])
    .option("--only <failure>", "this failure alone; may be repeated", failure)
    .addOption(new Option("--retries <which>", "whether proxies repeat requests that fail; both are measured side by side").choices([...RETRIES, "both"]).default("both"))
    .addOption(new Option("--rate <number>", "requests a second, each with and without retries").default(50).argParser(rate))
    .option("--yes", "begin without asking")
    .option("--json", "print the report as JSON on standard output (its schema is in cli/drill/report.ts)")
    .action(async (stacks: string[], options: Options) => {
      process.exitCode = await drillAndReport(stacks.length > 0 ? stacks : ["local"], options);
    });
}

async function drillAndReport(stacks: readonly string[], options: Options): Promise<number> {
  const [{ requireUp }, { parsePair }] = await Promise.all([import("../verify/up-stacks.js"), import("../drill/pairs.js")]);
  const pairs = options.pair.map(parsePair);
  requireUp(stacks);
  const [{ runDrill }, { textReport }, { progressLine }, { interruptible }] = await Promise.all([
    import("../drill/run.js"),
    import("../drill/text.js"),
    import("../verify/report/progress.js"),
    import("../live/interrupt.js"),
  ]);
  const progress = progressLine(process.stderr);
  const interrupted = new MeshError("drill-interrupted", "interrupted; what had failed was repaired, and the drill's workloads were removed", undefined, EXIT.interrupted);
  const run = {
    pairs,
    failures: options.only === undefined ? FAILURES : FAILURES.filter((name) => options.only?.includes(name)),
    retries: options.retries === "both" ? RETRIES : [options.retries],
    rate: options.rate,
    yes: options.yes ?? false,
  };
  try {
    const report = await interruptible(interrupted, (signal) => runDrill(stacks, { ...run, signal, progress: (line) => progress.say(line) }));
    progress.clear();
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : `${textReport(report)}\n`);
    return report.exitCode;
  } finally {
    progress.clear();
  }
}

function failure(value: string, before: readonly FailureName[] = []): FailureName[] {
  const known = FAILURES.find((name) => name === value);
  if (known === undefined) throw new InvalidArgumentError(`The failures are ${FAILURES.join(", ")}.`);
  return [...before, known];
}

function rate(value: string): number {
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < 1 || parsed > MAX_RATE) throw new InvalidArgumentError(`It takes a whole number from 1 to ${MAX_RATE}.`);
  return parsed;
}
