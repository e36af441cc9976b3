import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { isRunning, processName } from "../../lib/pid-files";
import { backendFolder } from "./backend";

/** Who holds the lock of a stack, as Pulumi's backend for local files records it. */
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
  /** Whether a process with that id is running here and is Pulumi. */
  isPulumi(pid: number): boolean;
}

/** The locks of a stack, by whether their process is still running. */
export interface Locks {
  readonly live: readonly LockHolder[];
  /** How many a killed process left. */
  readonly stale: number;
}

/**
 * Reads the locks of a stack in a backend on the local disk. Only Pulumi can read those of other backends: none are returned for them.
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

/** A lock is stale only when its process was on this machine and is no longer running. */
export function isLive(holder: LockHolder, machine: Machine): boolean {
  return holder.hostname !== machine.hostname || machine.isPulumi(holder.pid);
}

const thisMachine: Machine = {
  hostname: os.hostname(),
  isPulumi: (pid) => {
    if (!isRunning(pid)) return false;
    // Without /proc, another process with the same id cannot be told from Pulumi: better to wait once too often.
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

/** A lock that is not JSON is half written, so its writer was killed. */
function parseLock(text: string): LockHolder | undefined {
  try {
    return JSON.parse(text) as LockHolder;
  } catch {
    return undefined;
  }
}
