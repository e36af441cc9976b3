/** Runs that are killed on the way. */
import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Site } from "../../integration/program/support/site";
import { engineOf, recorded } from "./state";

const REPOSITORY = resolve(__dirname, "../../..");

/** When and how a run is killed. */
export interface Kill {
  /** How many resources the state holds by then. */
  readonly after: number;
  /** How many milliseconds later. */
  readonly delay: number;
  /** Whether only the engine is killed, and its children are left to notice, or everything at once as when a machine fails. */
  readonly what: "engine" | "everything";
}

/**
 * Kills spread over a run from its first moment to its last resource: every one at another point between two records, and
 * engine alone and everything by turns.
 */
export function spread(kills: number, resources: number): Kill[] {
  return Array.from({ length: kills }, (_, index) => ({
    after: Math.min(resources - 1, Math.floor((index * resources) / kills)),
    delay: (index * 137) % 400,
    what: index % 2 === 0 ? "engine" : "everything",
  }));
}

/**
 * Starts `./mesh up` and kills it.
 *
 * @returns how many resources were recorded when the engine was dead; undefined when the run ended before its moment came.
 */
export async function upAndKill(site: Site, stack: string, kill: Kill): Promise<number | undefined> {
  const child = spawn("./mesh", ["up", stack], { cwd: REPOSITORY, env: site.env, stdio: "ignore" });
  let over = false;
  const ended = new Promise<void>((done) => child.once("exit", () => done())).then(() => (over = true));
  while (!over && (engineOf(site, stack) === undefined || recorded(site, stack) < kill.after)) await pause(20);
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
