import * as fs from "node:fs";
import * as path from "node:path";
import { lock } from "proper-lockfile";

/** Milliseconds between two attempts. */
const RETRY_MS = 500;

/** Milliseconds without a sign of life after which another process counts as dead. */
const STALE_MS = 10_000;

/**
 * Waits until no other process does the same work.
 *
 * @param folder a folder that identifies the work; created when missing.
 * @param onWait called once when another process is at it.
 * @returns lets the next process begin.
 */
export async function takeTurn(folder: string, onWait: () => void = () => undefined): Promise<() => Promise<void>> {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (let first = true; ; first = false) {
    try {
      return await lock(folder, { lockfilePath: path.join(folder, "lock"), stale: STALE_MS });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (first) onWait();
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
