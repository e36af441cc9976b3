import { Command, InvalidArgumentError, Option } from "commander";
import { chooseTargets, type ClusterOptions, collect, seconds, withClusterOptions } from "../live/options";

interface Options extends ClusterOptions {
  readonly stack: readonly string[];
  readonly path: string;
  readonly through?: string;
  readonly timeout: number;
  readonly json?: boolean;
}

/** Seconds after which a request to a cluster is given up, beside those that the traced request may take. */
const REQUEST_SECONDS = 5;

/** `./mesh trace`: the path of one real request. */
export function traceCommand(): Command {
  const command = new Command("trace")
    .summary("follow one real request from a workload to a service")
    .description(
      [
        "Sends one request from a pod of a workload to a service, and follows it: the endpoint that was chosen, the SNI, the gateway, the",
        "identities on both ends, where it ended, and how long each part took. It reads the proxies' configuration, counters and access logs,",
        "and says what could not be seen, as where access logs are off. It changes nothing. The request is a GET, sent with curl or wget of a",
        "container of the workload, or with --through by the workload itself.",
        "",
        "  ./mesh trace west/istioinaction/webapp catalog --through 8080/api/catalog",
        "",
        "Exit codes: 0 the workload behind the service answered; 1 it did not, or that was not seen; 2 wrong usage.",
      ].join("\n"),
    )
    .argument("<workload>", "<cluster>/<namespace>/<name of the Deployment or of a pod>")
    .argument("<service>", "<name>[.<namespace>][:<port>]; its first port unless one is given");
  return withClusterOptions(command)
    .option("--stack <stack>", "a stack whose clusters belong to the mesh; may be repeated; local by default", collect, [])
    .addOption(new Option("--path <path>", "path of the request").default("/").argParser(path))
    .option("--through <port/path>", "ask the workload at this port of its own, so that it sends the request by itself; it has to pass x-request-id on")
    .addOption(new Option("--timeout <seconds>", "how long the request may take").default(5).argParser(seconds))
    .option("--json", "print JSON on standard output (its schema is in cli/trace/schema.ts)")
    .action(async (workload: string, service: string, options: Options) => {
      process.exitCode = await follow(workload, service, options);
    });
}

async function follow(workload: string, service: string, options: Options): Promise<number> {
  const [{ parseThrough }, { parseService, parseWorkload }] = await Promise.all([import("../trace/through.js"), import("../trace/names.js")]);
  // Wrong names are refused before anything is set up.
  parseService(service, parseWorkload(workload).namespace);
  const through = options.through === undefined ? undefined : parseThrough(options.through);
  const [targets, [{ trace, exitCodeOf }, { traceText }, { progressLine }]] = await chooseTargets(options.stack, options, (options.timeout + REQUEST_SECONDS) * 1000, () =>
    Promise.all([import("../trace/run.js"), import("../trace/text.js"), import("../verify/report/progress.js")]),
  );
  const progress = progressLine(process.stderr);
  try {
    const found = await trace(targets, workload, service, { path: options.path, through, timeoutSeconds: options.timeout, progress: (line) => progress.say(line) });
    progress.clear();
    process.stdout.write(options.json ? `${JSON.stringify(found, null, 2)}\n` : `${traceText(found)}\n`);
    return exitCodeOf(found);
  } finally {
    progress.clear();
  }
}

function path(value: string): string {
  if (!/^\/[\x21-\x7e]*$/.test(value)) throw new InvalidArgumentError("It begins with / and has no spaces.");
  return value;
}
