import { Command, InvalidArgumentError, Option } from "commander";
import { EXIT, MeshError } from "../../lib/errors";
import { CATEGORIES, type Category } from "../verify/finding";
import type { Target } from "../verify/targets";

interface Options {
  readonly context: string[];
  readonly kubeconfig?: string;
  readonly only?: Category[];
  readonly traffic: boolean;
  readonly timeout: number;
  readonly json?: boolean;
}

/** Seconds after which a single request to a cluster is given up. */
const REQUEST_SECONDS = 5;

/** `./mesh verify`: checks the mesh from every cluster to every other. */
export function verifyCommand(): Command {
  return new Command("verify")
    .summary("check the mesh from every cluster to every other")
    .description(
      "Checks the mesh of the stacks named (local by default) or of the contexts given, and changes nothing: its test workloads run in a\n" +
        "namespace of their own, which is removed afterwards.\n\n" +
        `Categories: ${CATEGORIES.join(", ")}.\n` +
        "Exit codes: 0 the mesh works; 1 something fails, or could not be looked at; 2 no check applies.\n" +
        "docs/checks.md describes each check.",
    )
    .argument("[stack...]", "stacks whose clusters belong to the mesh")
    .option("--context <[name=]context>", "a cluster of a mesh that something else installed; may be repeated", collect, [])
    .option("--kubeconfig <file>", "where the contexts are; by default as kubectl finds them")
    .option("--only <category>", "report this category alone; may be repeated", category)
    .option("--no-traffic", "send no requests between the clusters and create nothing")
    .addOption(new Option("--timeout <seconds>", "how long the requests between the clusters may take to succeed").default(15).argParser(seconds))
    .option("--json", "print the report as JSON on standard output")
    .action(async (stacks: string[], options: Options) => {
      process.exitCode = await verifyAndReport(stacks, options);
    });
}

async function verifyAndReport(stacks: readonly string[], options: Options): Promise<number> {
  if (stacks.length > 0 && options.context.length > 0) {
    throw new MeshError("wrong-usage", "stacks and --context were both given", "Name the stacks, or the contexts of a mesh that something else installed.", EXIT.unusable);
  }
  if (options.kubeconfig !== undefined && options.context.length === 0) {
    throw new MeshError("wrong-usage", "--kubeconfig was given without --context", "Name a context for each cluster: --context west=kind-west.", EXIT.unusable);
  }
  if (options.context.length === 0) {
    const { requireUp } = await import("../verify/up-stacks.js");
    requireUp(stacksOf(stacks));
  }
  const [{ verify }, { textReport }, { progressLine }] = await Promise.all([import("../verify/run.js"), import("../verify/report/text.js"), import("../verify/report/progress.js")]);
  const targets = await targetsOf(stacks, options);
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort(new MeshError("verify-interrupted", "interrupted; the test workloads were removed", undefined, EXIT.interrupted));
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const progress = progressLine(process.stderr);
  try {
    const run = { only: options.only, traffic: options.traffic, trafficTimeoutMs: options.timeout * 1000, signal: interrupt.signal };
    const report = await verify(targets, { ...run, progress: (line) => progress.say(line) });
    progress.clear();
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : `${textReport(report, process.stdout.isTTY)}\n`);
    return report.exitCode;
  } finally {
    progress.clear();
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

async function targetsOf(stacks: readonly string[], options: Options): Promise<Target[]> {
  const { targetsFromContexts } = await import("../verify/targets.js");
  if (options.context.length > 0) return targetsFromContexts(options.context, options.kubeconfig, REQUEST_SECONDS * 1000);
  const { targetsFromStacks } = await import("../verify/stacks.js");
  return targetsFromStacks(stacksOf(stacks), REQUEST_SECONDS * 1000);
}

function stacksOf(named: readonly string[]): readonly string[] {
  return named.length > 0 ? named : ["local"];
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function category(value: string, before: readonly Category[] = []): Category[] {
  const known = CATEGORIES.find((c) => c === value);
  if (known === undefined) throw new InvalidArgumentError(`The categories are ${CATEGORIES.join(", ")}.`);
  return [...before, known];
}

function seconds(value: string): number {
  const parsed = Number(value);
  if (!Number.isFinite(parsed) || parsed <= 0) throw new InvalidArgumentError("It takes a number of seconds above 0.");
  return parsed;
}
