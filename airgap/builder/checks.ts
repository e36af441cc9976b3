import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { closestThere } from "../../lib/writable";
import { onPath } from "../engine/host";
import { formatDuration, secondsLeft } from "./forecast";
import type { Lane, Step } from "./step";

/** What building some steps needs. */
export interface Needs {
  /** Seconds. */
  readonly seconds: number;
  /** Disk in MiB, including what is freed again at the end. */
  readonly diskMiB: number;
  /** Peak memory in MiB. */
  readonly memoryMiB: number;
  /** Commands that must be installed; see {@link Step.tools}. */
  readonly tools: readonly string[];
}

/** What a machine has. */
export interface Machine {
  /** Free disk in MiB where the home is. */
  readonly diskMiB: number;
  /** Memory in MiB that is available without swapping. */
  readonly memoryMiB: number;
  /** What is wrong with a tool of {@link Step.tools}, in a sentence; `undefined` when it can be used. */
  lacks(tool: string): string | undefined;
}

/**
 * What building all of some steps needs.
 *
 * @param steps those that are left to build.
 */
export function needsOf(steps: readonly Step[]): Needs {
  const worst = (lane: Lane): number => Math.max(0, ...steps.filter((step) => step.lane === lane).map((step) => step.cost.memoryMiB));
  return {
    seconds: secondsLeft(steps, [], []),
    diskMiB: steps.reduce((sum, { cost }) => sum + cost.diskMiB + (cost.cacheMiB ?? 0), 0),
    memoryMiB: worst("processor") + worst("light"),
    tools: [...new Set(steps.flatMap((step) => step.tools ?? []))].sort(),
  };
}

/** A size for people, such as `12 MiB` or `1.5 GiB`. */
export function formatMebibytes(mebibytes: number): string {
  return mebibytes < 1024 ? `${Math.ceil(mebibytes)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`;
}

/** One line that says what a build needs. */
export function announce(needs: Needs, steps: number): string {
  return (
    `${steps} ${steps === 1 ? "piece" : "pieces"} to build: about ${formatDuration(needs.seconds)} on 2 cores with empty caches, ` +
    `${formatMebibytes(needs.diskMiB)} of disk (part of it freed at the end) and ${formatMebibytes(needs.memoryMiB)} of memory`
  );
}

/**
 * What prevents a build on a machine.
 *
 * @param needs what the build needs.
 * @param machine what the machine has.
 * @param home where the pieces go, for the message.
 * @returns a sentence for each obstacle; none when the build can start.
 */
export function obstacles(needs: Needs, machine: Machine, home: string): string[] {
  const found = needs.tools.map((tool) => machine.lacks(tool)).filter((problem) => problem !== undefined);
  if (machine.diskMiB < needs.diskMiB) {
    found.push(
      `${formatMebibytes(needs.diskMiB)} of disk are needed and ${formatMebibytes(machine.diskMiB)} are free where ${home} is: ` +
        "free some, or name another folder in MESH_AIRGAP_HOME",
    );
  }
  if (machine.memoryMiB < needs.memoryMiB) {
    found.push(`${formatMebibytes(needs.memoryMiB)} of memory are needed and ${formatMebibytes(machine.memoryMiB)} are available: stop other programs`);
  }
  return found;
}

/** Whether a version is at least another one, compared number by number. */
export function atLeast(version: string, least: string): boolean {
  const [has, wants] = [version, least].map((text) => text.split(".").map(Number));
  for (const [index, number] of (wants ?? []).entries()) {
    const difference = (has?.[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** How to install parts that do not come with their program. */
const HINTS: Readonly<Record<string, string>> = { "python3 -m pip": "install pip (on Debian: apt-get install python3-pip)" };

/** See {@link Machine.lacks}. */
function lacks(tool: string): string | undefined {
  const [program = "", least] = tool.split(">=");
  const [name = "", ...part] = program.split(" ");
  const wanted = least ? `${name} ${least} or newer` : name;
  if (!onPath(name, process.env.PATH ?? "")) return `${wanted} is needed and is not on PATH: install it`;
  if (part.length > 0 && spawnSync(name, [...part, "--version"]).status !== 0) return `${program} is needed and does not work: ${HINTS[program] ?? "install it"}`;
  if (!least) return undefined;
  const said = spawnSync(name, ["version"], { encoding: "utf8" }).stdout.trim();
  const version = /\d+(\.\d+)+/.exec(said)?.[0];
  return version && atLeast(version, least) ? undefined : `${wanted} is needed, and the one on PATH says "${said}": install a newer one`;
}

/** Memory in MiB that is available without swapping. */
function availableMemory(): number {
  try {
    const line = /^MemAvailable:\s+(\d+) kB/m.exec(fs.readFileSync("/proc/meminfo", "utf8"));
    if (line) return Number(line[1]) / 1024;
  } catch {
    // Not Linux: nothing better is known than what the system calls free.
  }
  return os.freemem() / 1024 ** 2;
}

/**
 * Inspects this machine.
 *
 * @param home where the pieces go; the disk is that of the file system that it is or will be on.
 */
export function thisMachine(home: string): Machine {
  const disk = fs.statfsSync(closestThere(home));
  return { diskMiB: (disk.bavail * disk.bsize) / 1024 ** 2, memoryMiB: availableMemory(), lacks };
}
