/** Runs that are killed on the way. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { allProcesses, withDescendants } from "../../../tools/test/processes";
import { keepOutput } from "../../support/output";
import { until } from "../../support/wait";
import type { Site } from "../../integration/program/support/site";
import { engineOf, recorded } from "./state";

const REPOSITORY = resolve(__dirname, "../../..");

/** When and how a run is killed. */
export interface Kill {
  /** After which part of all resources has been recorded: 0 at the first moment, less than 1. */
  readonly after: number;
  /** How many milliseconds later. */
  readonly delay: number;
  /** Whether only the engine is killed, and its children are left to notice, or everything at once as when a machine fails. */
  readonly what: "engine" | "everything";
}

/** Kills spread evenly over a run from its first moment on: each at another moment between two records, engine alone and everything by turns. */
export function spread(kills: number): Kill[] {
  return Array.from({ length: kills }, (_, index) => ({
    after: index / kills,
    delay: (index * 137) % 400,
    what: index % 2 === 0 ? "engine" : "everything",
  }));
}

/** Milliseconds that an `up` on API servers may take on a busy machine. */
const UP_MS = 10 * 60_000;

/**
 * Starts `./mesh up` of a stack that is not up and kills it.
 *
 * @param resources how many an undisturbed run records.
 * @returns how many resources were recorded when the engine was dead; undefined when the run ended before its moment came.
 */
export async function upAndKill(site: Site, stack: string, resources: number, kill: Kill): Promise<number | undefined> {
  const child = spawn("./mesh", ["up", stack], { cwd: REPOSITORY, env: site.env, stdio: ["ignore", "pipe", "pipe"] });
  const said = keepOutput(child);
  let over = false;
  const ended = new Promise<void>((done) => child.once("exit", () => done())).then(() => (over = true));
  const enough = Math.floor(kill.after * resources);
  const hasCome = (): boolean => over || (engineOf(site, stack) !== undefined && recorded(site, stack) >= enough);
  const seen = (): string => `${recorded(site, stack)} resources\n${said()}`;
  let engine: number | undefined;
  // Before the engine of the `up`, others hold the stack for a moment.
  while (engine === undefined) {
    await until(`./mesh up to record ${enough} resources`, hasCome, { timeoutMs: UP_MS, intervalMs: 20, seen });
    await pause(kill.delay);
    if (over) return undefined;
    engine = engineOf(site, stack);
  }
  const victims = kill.what === "engine" ? [engine] : withDescendants(allProcesses(), child.pid === undefined ? [] : [child.pid]);
  for (const pid of victims) end(pid);
  await ended;
  return recorded(site, stack);
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}
