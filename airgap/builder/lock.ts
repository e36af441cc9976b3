import * as fs from "node:fs";
import * as path from "node:path";
import { lock } from "proper-lockfile";
import { unusable } from "./errors";
import { writeAtomically } from "./files";
import { startOf } from "./leftovers";
import type { AirgapPaths } from "./paths";
import { obstacleTo } from "../../lib/writable";

/** How the lock is waited for. */
export interface LockOptions {
  /** Takes what there is to say while waiting, a line each. */
  readonly say: (line: string) => void;
  /** Called when the lock was lost while held (the process slept longer than {@link staleMs}); what is under way must stop. */
  readonly onLost: (error: Error) => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  /** Milliseconds without a sign of life after which a holder counts as dead. */
  readonly staleMs?: number;
}

/** Milliseconds between two tries. */
const RETRY_MS = 250;

/** Milliseconds after which a holder that gives no sign of life is given up; it gives one every fifth of that. */
const STALE_MS = 10_000;

/** The same for a holder whose process is known to have ended: the shortest that the lock allows. */
const ENDED_MS = 2_000;

/** Who holds the lock, as far as its note can be read. */
function holder(note: string): { pid: number; alive: boolean } | undefined {
  try {
    const { pid, start } = JSON.parse(fs.readFileSync(note, "utf8")) as { pid: number; start: string };
    return { pid, alive: startOf(pid) === start };
  } catch {
    return undefined;
  }
}

/** The note of who holds the lock. */
function noteFile(paths: AirgapPaths): string {
  return path.join(paths.home, "lock.json");
}

/** The folder that is the lock while it is there. */
function lockFolder(paths: AirgapPaths): string {
  return path.join(paths.home, "lock");
}

/** What keeps the lock from ever being taken; undefined when nothing does. */
export function lockObstacle(paths: AirgapPaths): string | undefined {
  return fs.statSync(lockFolder(paths), { throwIfNoEntry: false })?.isFile() ? `${lockFolder(paths)} is not a folder` : undefined;
}

/** Whether a run that is still there holds the lock. */
export function isHeld(paths: AirgapPaths): boolean {
  return holder(noteFile(paths))?.alive ?? false;
}

/**
 * Takes the air gap's lock, so that one run changes the home at a time. While another holds it, this waits and says so once.
 *
 * @returns gives the lock back.
 * @throws the signal's reason when it is aborted; AirgapError when the home cannot be written to.
 */
export async function takeLock(paths: AirgapPaths, options: LockOptions): Promise<() => Promise<void>> {
  const note = noteFile(paths);
  const staleMs = options.staleMs ?? STALE_MS;
  const obstacle = obstacleTo(paths.home) ?? lockObstacle(paths);
  if (obstacle !== undefined) throw unusable(obstacle);
  let said = "";
  const say = (line: string): void => {
    if (line !== said) options.say(line);
    said = line;
  };
  for (;;) {
    const other = holder(note);
    options.signal?.throwIfAborted();
    try {
      const release = await lock(paths.home, {
        lockfilePath: lockFolder(paths),
        stale: other && !other.alive ? Math.min(ENDED_MS, staleMs) : staleMs,
        update: Math.max(1000, staleMs / 5),
        onCompromised: options.onLost,
      });
      writeAtomically(note, JSON.stringify({ pid: process.pid, start: startOf(process.pid) }));
      return async () => {
        fs.rmSync(note, { force: true });
        await release();
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    }
    if (!other) say("Another run of the air-gap build is under way; waiting for it to end");
    else if (other.alive) say(`Another run of the air-gap build (process ${other.pid}) is under way; waiting for it to end`);
    else say(`The run that held the lock (process ${other.pid}) has ended without giving it back; taking it over`);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
