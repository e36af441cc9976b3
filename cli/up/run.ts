import type { MeshModel } from "../../settings/model";
import { stopEngine } from "../../airgap";
import { NEEDS } from "../lib/needs";
import { say } from "../lib/say";
import { openSession, pulumiOf, standingStacks } from "../lib/session";
import { setUp } from "../lib/set-up";
import { stackFiles } from "../lib/stacks";
import { nothingToTakeAway, takeDown, usesEngine } from "./down";
import type { StackModel } from "./order";
import { upLines, upReport } from "./report";
import { bringUp, initStacks, readStacks } from "./up";

/** Options of `./mesh up`. */
export interface UpOptions {
  /** Whether only to show what would be done. */
  readonly preview?: boolean;
  /** Whether standard output is JSON. */
  readonly json?: boolean;
}

/** Options of `./mesh down`. */
export interface DownOptions {
  /** Whether a Docker engine that `./mesh` started is to be stopped. */
  readonly engine?: boolean;
}

/** What `./mesh up` does. Wrong settings end it before anything is built, installed or changed. */
export async function runUp(names: readonly string[], options: UpOptions): Promise<void> {
  stackFiles().require(names);
  const session = await openSession();
  const stacks = readStacks(session, names);
  await setUp(session, options.preview ? NEEDS.preview : upNeeds(stacks));
  const pulumi = pulumiOf(session, options.json === true);
  await initStacks(pulumi, stacks);
  if (options.preview) {
    for (const { stack } of stacks) await pulumi.preview(stack);
    return;
  }
  const standing = await bringUp(session, pulumi, stacks);
  const text = options.json ? JSON.stringify(upReport(standing), null, 2) : upLines(standing).join("\n");
  process.stdout.write(`${text}\n`);
}

/** What `./mesh down` does. Where nothing stands, nothing is set up to find that out. */
export async function runDown(names: readonly string[], options: DownOptions): Promise<void> {
  const files = stackFiles();
  files.require(names);
  const standing = standingStacks(files);
  if (standing !== undefined && !names.some((name) => standing.includes(name))) say(nothingToTakeAway(names, standing, files.names()));
  else await takeAway(names);
  if (options.engine) say((await stopEngine()) ? "stopped the Docker engine" : "the Docker engine is not one that ./mesh started");
}

async function takeAway(names: readonly string[]): Promise<void> {
  const session = await openSession();
  await setUp(session, NEEDS.state);
  const pulumi = pulumiOf(session, false);
  const known = await pulumi.list();
  const there = [...new Set(names)].filter((name) => known.includes(name));
  if (there.length === 0) return say(nothingToTakeAway(names, known, session.stacks.names()));
  await setUp(session, (await usesEngine(pulumi, there)) ? NEEDS.downInDocker : NEEDS.down);
  await takeDown(session, pulumi, there);
}

function upNeeds(stacks: readonly StackModel[]): (typeof NEEDS)["up" | "upInDocker"] {
  return stacks.some(({ model }) => runsInDocker(model)) ? NEEDS.upInDocker : NEEDS.up;
}

/** Whether a stack runs something in Docker: a kind cluster or the client. */
function runsInDocker(model: MeshModel): boolean {
  return model.client.enabled || model.clusters.some((cluster) => cluster.driver.type === "kind");
}
