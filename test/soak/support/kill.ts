/** Runs that are killed on the way. */
import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
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

/**
 * Starts `./mesh up` of a stack that is not up and kills it.
 *
 * @param resources how many an undisturbed run records.
 * @returns how many resources were recorded when the engine was dead; undefined when the run ended before its moment came.
 */
export async function upAndKill(site: Site, stack: string, resources: number, kill: Kill): Promise<number | undefined> {
  const child = spawn("./mesh", ["up", stack], { cwd: REPOSITORY, env: site.env, stdio: "ignore" });
  let over = false;
  const ended = new Promise<void>((done) => child.once("exit", () => done())).then(() => (over = true));
  while (!over && (engineOf(site, stack) === undefined || recorded(site, stack) < Math.floor(kill.after * resources))) await pause(20);
  await pause(kill.delay);
  const engine = engineOf(site, stack);
  if (over || engine === undefined) {
    await ended;
    return undefined;
  }
  const victims = kill.what === "engine" ? [engine] : [...(child.pid === undefined ? [] : [child.pid, ...descendants(child.pid)])];
  for (const pid of victims) end(pid);
  await ended;
  return recorded(site, stack);
}

/** All processes below one, as they are now. */
function descendants(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(entry);
    parents.set(parent, [...(parents.get(parent) ?? []), Number(entry)]);
  }
  const below = (of: number): number[] => (parents.get(of) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

function parentOf(pid: string): number {
  try {
    // After the name, which may hold anything in its brackets: the state and the parent.
    return Number(/.*\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
