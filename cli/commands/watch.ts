import { Command, InvalidArgumentError, Option } from "commander";
import { chooseTargets, type ClusterOptions, withClusterOptions } from "../live/options";
import { say } from "../lib/say";
import { type Listen, parseListen } from "../watch/listen";

interface Options extends ClusterOptions {
  readonly prometheus?: Listen;
  readonly interval: number;
  readonly json?: boolean;
}

/** Seconds after which a single request to a cluster's API server is given up. */
const REQUEST_SECONDS = 5;

/** `./mesh watch`: requests from every cluster to every other, for as long as it runs. */
export function watchCommand(): Command {
  const command = new Command("watch")
    .summary("send requests from every cluster to every other, and show each pair's success and latency")
    .description(
      [
        "Sends requests between the clusters of the stacks named (local by default) or of the contexts given until Ctrl-C, and shows for each",
        "ordered pair: success and latency (p50, p99) of the last minute, and the time from a new endpoint in one cluster to its first request",
        "from the other. It changes nothing: its test workloads run in a namespace of their own, which is removed afterwards. It ends with",
        "the totals.",
        "",
        "Exit codes: 0 every request was answered; 1 some failed, or a pair could never be asked; 2 wrong usage.",
      ].join("\n"),
    )
    .argument("[stack...]", "stacks whose clusters belong to the mesh");
  return withClusterOptions(command)
    .addOption(new Option("--prometheus <[host]:port>", "serve the numbers as metrics (mesh_pair_*) at /metrics").argParser(parseListen))
    .addOption(new Option("--interval <seconds>", "from one request of a pair to the next").default(0.5).argParser(interval))
    .option("--json", "print one JSON object a line on standard output (its schema is in cli/watch/schema.ts)")
    .action(async (stacks: string[], options: Options) => {
      process.exitCode = await watch(stacks, options);
    });
}

async function watch(stacks: readonly string[], options: Options): Promise<number> {
  const [targets, [{ watchMesh }, { interruptible }]] = await chooseTargets(stacks, options, REQUEST_SECONDS * 1000, () => Promise.all([import("../watch/run.js"), import("../live/interrupt.js")]));
  const { prometheus, json = false } = options;
  const wanted = { intervalMs: options.interval * 1000, prometheus, json, stdout: process.stdout, say };
  return interruptible(new Error("ended"), (signal) => watchMesh(targets, { ...wanted, signal }));
}

function interval(value: string): number {
  const parsed = Number(value);
  if (!(parsed >= 0.1 && parsed <= 60)) throw new InvalidArgumentError("It takes a number of seconds from 0.1 to 60.");
  return parsed;
}
