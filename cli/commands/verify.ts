import { Command, InvalidArgumentError, Option } from "commander";
import { EXIT, MeshError } from "../../lib/errors";
import { chooseTargets, type ClusterOptions, seconds, withClusterOptions } from "../live/options";
import { CATEGORIES, type Category } from "../verify/finding";

interface Options extends ClusterOptions {
  readonly only?: Category[];
  readonly traffic: boolean;
  readonly timeout: number;
  readonly json?: boolean;
}

/** Seconds after which a single request to a cluster is given up. */
const REQUEST_SECONDS = 5;

/** `./mesh verify`: checks the mesh from every cluster to every other. */
export function verifyCommand(): Command {
  const command = new Command("verify")
    .summary("check the mesh from every cluster to every other")
    .description(
      "Checks the mesh of the stacks named (local by default) or of the contexts given, and changes nothing: its test workloads run in a\n" +
        "namespace of their own, which is removed afterwards.\n\n" +
        `Categories: ${CATEGORIES.join(", ")}.\n` +
        "Exit codes: 0 the mesh works; 1 something fails, or could not be looked at; 2 no check applies.\n" +
        "docs/checks.md describes each check.",
    )
    .argument("[stack...]", "stacks whose clusters belong to the mesh");
  return withClusterOptions(command)
    .option("--only <category>", "report this category alone; may be repeated", category)
    .option("--no-traffic", "send no requests between the clusters and create nothing")
    .addOption(new Option("--timeout <seconds>", "how long the requests between the clusters may take to succeed").default(15).argParser(seconds))
    .option("--json", "print the report as JSON on standard output")
    .action(async (stacks: string[], options: Options) => {
      process.exitCode = await verifyAndReport(stacks, options);
    });
}

async function verifyAndReport(stacks: readonly string[], options: Options): Promise<number> {
  const [targets, [{ verify }, { textReport }, { progressLine }, { interruptible }]] = await chooseTargets(stacks, options, REQUEST_SECONDS * 1000, () =>
    Promise.all([import("../verify/run.js"), import("../verify/report/text.js"), import("../verify/report/progress.js"), import("../live/interrupt.js")]),
  );
  const progress = progressLine(process.stderr);
  const interrupted = new MeshError("verify-interrupted", "interrupted; the test workloads were removed", undefined, EXIT.interrupted);
  try {
    const run = { only: options.only, traffic: options.traffic, trafficTimeoutMs: options.timeout * 1000 };
    const report = await interruptible(interrupted, (signal) => verify(targets, { ...run, signal, progress: (line) => progress.say(line) }));
    progress.clear();
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : `${textReport(report, process.stdout.isTTY)}\n`);
    return report.exitCode;
  } finally {
    progress.clear();
  }
}

function category(value: string, before: readonly Category[] = []): Category[] {
  const known = CATEGORIES.find((c) => c === value);
  if (known === undefined) throw new InvalidArgumentError(`The categories are ${CATEGORIES.join(", ")}.`);
  return [...before, known];
}
