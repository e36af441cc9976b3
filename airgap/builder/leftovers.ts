import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { removeFolder } from "./folders";
import type { AirgapPaths } from "./paths";

/** Milliseconds between asking commands of a killed run to end and killing them. */
const GRACE_MS = 10_000;

/** Identifies this boot of the machine; empty where the system does not say. */
export function bootId(): string {
  try {
    return fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

/**
 * When a process was started, in clock ticks since boot: tells it from a later process with the same number.
 *
 * @returns the ticks; `undefined` when there is no such process or the system does not say.
 */
export function startOf(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** Folder with a file for each process group that a run started. */
function folder(paths: AirgapPaths): string {
  return path.join(paths.home, "running");
}

/**
 * Records a process group that runs for the build, so that a later run can end it if this one is killed.
 *
 * @param pid the group's leader.
 * @returns forgets the group; to be called when it has ended.
 */
export function noteGroup(paths: AirgapPaths, pid: number): () => void {
  const file = path.join(folder(paths), String(pid));
  fs.mkdirSync(folder(paths), { recursive: true });
  fs.writeFileSync(file, `${bootId()} ${startOf(pid) ?? ""}`);
  return () => fs.rmSync(file, { force: true });
}

/** Whether a process of a group still runs. A zombie does not count. */
function groupRuns(group: number): boolean {
  return fs.readdirSync("/proc").some((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const stat = fs.readFileSync(`/proc/${entry}/stat`, "utf8");
      const [state, , processGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(processGroup) === group && state !== "Z" && state !== "X";
    } catch {
      return false;
    }
  });
}

/** Signals a process group, if it still exists. */
function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // It ended meanwhile.
  }
}

/**
 * Ends the commands that a killed run left running, so that they do not compete with this one. Only groups that were recorded since the
 * machine booted, and whose leader is still the recorded process or has ended, are signalled.
 *
 * @returns the number of groups that had to be ended.
 */
export async function endLeftovers(paths: AirgapPaths): Promise<number> {
  if (!fs.existsSync(folder(paths))) return 0;
  const alive: number[] = [];
  for (const name of fs.readdirSync(folder(paths))) {
    const pid = Number(name);
    const [boot, start] = fs.readFileSync(path.join(folder(paths), name), "utf8").split(" ");
    const now = startOf(pid);
    const same = boot !== "" && boot === bootId() && (now === undefined || now === start);
    if (same && groupRuns(pid)) alive.push(pid);
    fs.rmSync(path.join(folder(paths), name), { force: true });
  }
  for (const group of alive) signalGroup(group, "SIGTERM");
  const until = Date.now() + GRACE_MS;
  while (alive.some(groupRuns) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  for (const group of alive) signalGroup(group, "SIGKILL");
  return alive.length;
}

/**
 * Removes a scratch folder with what a killed run left in it. File systems that are still mounted below it are unmounted first, so that
 * their content is not deleted.
 *
 * @throws Error when a file system below it cannot be unmounted.
 */
export async function removeScratch(scratch: string): Promise<void> {
  if (!fs.existsSync(scratch)) return;
  const real = fs.realpathSync(scratch);
  const mounts = fs.existsSync("/proc/self/mountinfo") ? fs.readFileSync("/proc/self/mountinfo", "utf8").split("\n") : [];
  const below = mounts
    .map((line) => (line.split(" ")[4] ?? "").replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))))
    .filter((point) => point === real || point.startsWith(`${real}/`));
  for (const point of below.reverse()) execFileSync("umount", ["--lazy", point], { stdio: "pipe" });
  await removeFolder(real);
}
