import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { processName } from "../../lib/pid-files";
import { backendFolder } from "./backend";

/** Who holds the lock of a stack, as Pulumi's own backend for files writes it down. */
export interface LockHolder {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  /** RFC 3339. */
  readonly timestamp: string;
}

/** What is known about this machine's processes. */
export interface Machine {
  readonly hostname: string;
  /** Whether a process of that id runs here and is Pulumi. */
  isPulumi(pid: number): boolean;
}

/** The locks of a stack, told apart by whether somebody still works under them. */
export interface Locks {
  readonly live: readonly LockHolder[];
  /** How many were left behind by a process that was killed. */
  readonly stale: number;
}

/**
 * Reads the locks of a stack in a backend on local disk. Other backends keep theirs where only Pulumi reaches them: none are seen.
 *
 * @param backendUrl such as `file:///home/me/state`, with or without a query.
 */
export function readLocks(backendUrl: string, project: string, stack: string, machine: Machine = thisMachine): Locks {
  const backend = backendFolder(backendUrl);
  if (backend === undefined) return { live: [], stale: 0 };
  const folder = path.join(backend, ".pulumi", "locks", "organization", project, stack);
  const holders = listLocks(folder).map((file) => parseLock(fs.readFileSync(file, "utf8")));
  const live = holders.filter((holder) => holder !== undefined).filter((holder) => isLive(holder, machine));
  return { live, stale: holders.length - live.length };
}

/** A lock counts as left behind only when its process was on this machine and is no longer there. */
export function isLive(holder: LockHolder, machine: Machine): boolean {
  return holder.hostname !== machine.hostname || machine.isPulumi(holder.pid);
}

const thisMachine: Machine = {
  hostname: os.hostname(),
  isPulumi: (pid) => {
    try {
      process.kill(pid, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== "ESRCH";
    }
    // No /proc to tell a process that was given the same id from Pulumi: better to wait once too often.
    if (!fs.existsSync("/proc/self/stat")) return true;
    return processName(pid)?.startsWith("pulumi") ?? false;
  },
};

function listLocks(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => path.join(folder, name));
}

/** A lock that cannot be read was cut off while it was written, so its writer is gone. */
function parseLock(text: string): LockHolder | undefined {
  try {
    return JSON.parse(text) as LockHolder;
  } catch {
    return undefined;
  }
}
