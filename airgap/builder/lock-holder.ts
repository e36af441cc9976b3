import * as fs from "node:fs";
import * as path from "node:path";
import { startOf } from "./leftovers";
import type { AirgapPaths } from "./paths";

/** The process that holds the air gap's lock. */
export interface LockHolder {
  readonly pid: number;
  /** Whether that process still runs. */
  readonly alive: boolean;
}

/** The file that names the process that holds the lock. */
export function holderFile(paths: AirgapPaths): string {
  return path.join(paths.home, "lock.json");
}

/** Who holds the lock; undefined when nobody does, or when the file that says so cannot be read. */
export function lockHolder(paths: AirgapPaths): LockHolder | undefined {
  try {
    const { pid, start } = JSON.parse(fs.readFileSync(holderFile(paths), "utf8")) as { pid: number; start: string };
    return { pid, alive: startOf(pid) === start };
  } catch {
    return undefined;
  }
}

/** Whether a run that is still alive holds the lock. */
export function isHeld(paths: AirgapPaths): boolean {
  return lockHolder(paths)?.alive ?? false;
}
