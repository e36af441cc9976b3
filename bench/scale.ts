/**
 * How a stack grows with its clusters: `node --import tsx bench/scale.ts 2 4 8 16`. Each size is one stack on as many API servers,
 * without Docker and without the demo. Prints a table in Markdown, a row as soon as it is known.
 */
import { componentNames } from "../topology/names";
import { openSite, type Site } from "../test/integration/program/support/site";
import { done } from "../test/integration/support/events";
import { readState, type State } from "../test/soak/support/state";

const STACK = "local";
/** Begin of the remote Secrets' names in the program. */
const REMOTE_SECRETS = `::${componentNames.peering}-`;

/** What was seen at one size. */
interface Row {
  readonly clusters: number;
  readonly resources: number;
  readonly remoteSecrets: number;
  readonly pairs: number;
  /** Seconds of the first `up`, of one without a change, and of the end. */
  readonly seconds: { readonly up: number; readonly again: number; readonly down: number };
}

const COLUMNS = ["clusters", "resources", "per cluster", "remote Secrets", "pairs", "first up, s", "per cluster, s", "up without change, s", "down, s"];

async function main(sizes: readonly number[]): Promise<void> {
  if (sizes.length === 0 || sizes.some((size) => !Number.isInteger(size) || size < 2)) {
    process.stderr.write("usage: node --import tsx bench/scale.ts SIZE...   each a number of clusters, at least 2\n");
    process.exitCode = 2;
    return;
  }
  print(COLUMNS);
  print(COLUMNS.map(() => "---:"));
  for (const size of sizes) print(cells(await measure(size)));
}

/** Keys of so many clusters; the first two are those that the stack's file has. */
function keysOf(size: number): string[] {
  return ["west", "east", ...Array.from({ length: size - 2 }, (_, index) => `c${index + 3}`)];
}

async function measure(size: number): Promise<Row> {
  const keys = keysOf(size);
  const site = await openSite(keys);
  try {
    site.configure(STACK, keys, { demo: false });
    const up = await timed(() => site.meshDoes("up", STACK));
    const state = await readState(site, STACK);
    const again = await timed(() => unchanged(site));
    const down = await timed(() => site.meshDoes("down", "--yes", STACK));
    return { clusters: size, ...counts(state), pairs: size * (size - 1), seconds: { up, again, down } };
  } finally {
    await site.close();
  }
}

/** The engine's own resources, stack and providers, count: they cost time as well. */
function counts({ resources }: State): Pick<Row, "resources" | "remoteSecrets"> {
  return { resources: resources.length, remoteSecrets: resources.filter(({ urn, type }) => type === "kubernetes:core/v1:Secret" && urn.includes(REMOTE_SECRETS)).length };
}

/** An `up` that has to change nothing. */
async function unchanged(site: Site): Promise<void> {
  const changes = done(await site.pulumi("up", STACK)).filter((line) => !line.startsWith("read "));
  if (changes.length > 0) throw new Error(`a second up changed something: ${changes.join(", ")}`);
}

async function timed(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await task();
  return (performance.now() - start) / 1000;
}

function cells({ clusters, resources, remoteSecrets, pairs, seconds }: Row): string[] {
  const each = (value: number): string => (value / clusters).toFixed(1);
  return [clusters, resources, each(resources), remoteSecrets, pairs, seconds.up.toFixed(0), each(seconds.up), seconds.again.toFixed(0), seconds.down.toFixed(0)].map(String);
}

function print(row: readonly string[]): void {
  process.stdout.write(`| ${row.join(" | ")} |\n`);
}

void main(process.argv.slice(2).map(Number)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
