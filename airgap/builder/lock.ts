import * as fs from "node:fs";
import * as path from "node:path";
import { lock } from "proper-lockfile";
import { obstacleTo } from "../../lib/writable";
import { unusable } from "./errors";
import { writeAtomically } from "./files";
import { startOf } from "./leftovers";
import { holderFile, lockHolder } from "./lock-holder";
import type { AirgapPaths } from "./paths";

/** How the lock is waited for. */
export interface LockOptions {
  /** Called with each line to show while waiting. */
  readonly say: (line: string) => void;
  /** Called when the lock was lost while held (the process slept longer than {@link staleMs}); the work in progress must stop. */
  readonly onLost: (error: Error) => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  /** Milliseconds without a sign of life after which a holder counts as dead; {@link STALE_MS} unless given. */
  readonly staleMs?: number;
}

/** Milliseconds between two attempts. */
const RETRY_MS = 250;

/** Milliseconds without a sign of life after which a holder counts as dead; it gives one every fifth of that time. */
const STALE_MS = 10_000;

/** The same for a holder whose process is known to have ended: the shortest time that the lock allows. */
const ENDED_MS = 2_000;

/** The folder that is the lock while it exists. */
function lockFolder(paths: AirgapPaths): string {
  return path.join(paths.home, "lock");
}

/** What prevents the lock from ever being taken; undefined when nothing does. */
function lockObstacle(paths: AirgapPaths): string | undefined {
  return fs.statSync(lockFolder(paths), { throwIfNoEntry: false })?.isFile() ? `${lockFolder(paths)} is not a folder` : undefined;
}

/**
 * Takes the air gap's lock, so that one run changes the home at a time. While another run holds it, this waits and says so once.
 *
 * @returns releases the lock.
 * @throws the signal's reason when it is aborted; AirgapError when the home cannot be written to.
 */
export async function takeLock(paths: AirgapPaths, options: LockOptions): Promise<() => Promise<void>> {
  const staleMs = options.staleMs ?? STALE_MS;
  const obstacle = obstacleTo(paths.home) ?? lockObstacle(paths);
  if (obstacle !== undefined) throw unusable(obstacle);
  let said = "";
  const say = (line: string): void => {
    if (line !== said) options.say(line);
    said = line;
  };
  for (;;) {
    const holder = lockHolder(paths);
    options.signal?.throwIfAborted();
    try {
      const release = await lock(paths.home, {
        lockfilePath: lockFolder(paths),
        stale: holder && !holder.alive ? Math.min(ENDED_MS, staleMs) : staleMs,
        update: Math.max(1000, staleMs / 5),
        onCompromised: options.onLost,
      });
      writeAtomically(holderFile(paths), JSON.stringify({ pid: process.pid, start: startOf(process.pid) }));
      return async () => {
        fs.rmSync(holderFile(paths), { force: true });
        await release();
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    }
    if (!holder) say("Another air-gap build is running; waiting for it to end");
    else if (holder.alive) say(`Another air-gap build (process ${holder.pid}) is running; waiting for it to end`);
    else say(`The build that held the lock (process ${holder.pid}) ended without releasing it; taking it over`);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
