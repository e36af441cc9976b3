import { Command, InvalidArgumentError, Option } from "commander";
import { EXIT, MeshError } from "../../lib/errors";
import { chooseTargets, type ClusterOptions, withClusterOptions } from "../live/options";
import { DEFAULT_WIDTH, type Format, FORMATS } from "../topology/format";

interface Options extends ClusterOptions {
  readonly format: Format;
  readonly width: number;
  readonly output?: string;
  readonly watch?: boolean;
}

/** Seconds after which a single request to a cluster is given up. */
const REQUEST_SECONDS = 5;
/** Narrower, nothing of a picture can be read. */
const NARROWEST = 360;

/** `./mesh topology`: the mesh as it is now, as a picture. */
export function topologyCommand(): Command {
  const command = new Command("topology")
    .summary("show the mesh as a picture: clusters, gateways, trust, who reads whom, requests, and what is red")
    .description(
      [
        "Reads the mesh of the stacks named (local by default) or of the contexts given, and shows it: clusters, networks, gateways and their",
        "addresses, versions, trust, which istiod reads which cluster, requests per second, and what `./mesh verify --no-traffic` finds wrong.",
        "It changes nothing and sends no requests between the clusters.",
        "",
        "Exit codes: 0 nothing is wrong, or --watch was ended with Ctrl-C; 1 something is wrong or could not be read; 2 wrong usage.",
      ].join("\n"),
    )
    .argument("[stack...]", "stacks whose clusters belong to the mesh");
  return withClusterOptions(command)
    .addOption(new Option("--format <format>", "how to show it; html is one page that needs no other file").choices(FORMATS).default("text"))
    .addOption(new Option("--width <pixels>", "width of an svg").default(DEFAULT_WIDTH).argParser(pixels))
    .option("--output <file>", "write it to a file instead of standard output")
    .option("--watch", "renew it every few seconds until Ctrl-C; svg, html and mermaid need --output")
    .action(async (stacks: string[], options: Options) => {
      process.exitCode = await show(stacks, options);
    });
}

async function show(stacks: readonly string[], options: Options): Promise<number> {
  const { format, watch = false, output } = options;
  if (watch && output === undefined && !["text", "json"].includes(format)) {
    throw new MeshError("output-needed", `--watch with --format ${format} needs a file`, `Name it: --output mesh.${format === "mermaid" ? "mmd" : format}`, EXIT.unusable);
  }
  if (output !== undefined) {
    const { requireWritable } = await import("../topology/output.js");
    requireWritable(output);
  }
  const [targets, [{ showTopology }, { progressLine }, { interruptible }]] = await chooseTargets(stacks, options, REQUEST_SECONDS * 1000, () =>
    Promise.all([import("../topology/run.js"), import("../verify/report/progress.js"), import("../live/interrupt.js")]),
  );
  const progress = progressLine(process.stderr);
  const say = (line: string): void => progress.say(line);
  const before = { format, width: options.width, output, watch, stdout: process.stdout, progress: watch ? () => undefined : say, done: () => progress.clear() };
  const run = (signal: AbortSignal): Promise<number> => showTopology(targets, { ...before, signal });
  try {
    return await (watch ? interruptible(new Error("ended"), run) : run(new AbortController().signal));
  } finally {
    progress.clear();
  }
}

function pixels(value: string): number {
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < NARROWEST || parsed > 10_000) throw new InvalidArgumentError(`It takes a whole number from ${NARROWEST} to 10000.`);
  return parsed;
}
