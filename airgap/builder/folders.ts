import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Functions for folders with hundreds of thousands of files. None of them blocks the process for long, since the lock has to be
 * renewed meanwhile.
 */

/** Number of files that are inspected at a time. */
const BATCH = 256;

/** A file below a folder, and when it was last changed. */
export interface FoundFile {
  /** Absolute path. */
  readonly file: string;
  /** Size in bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

/**
 * All files below a folder; none when it does not exist. Links are left out.
 *
 * @param folder absolute path.
 */
export async function findFiles(folder: string): Promise<FoundFile[]> {
  if (!fs.existsSync(folder)) return [];
  const entries = await fs.promises.readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const found: FoundFile[] = [];
  for (let start = 0; start < files.length; start += BATCH) {
    const batch = files.slice(start, start + BATCH);
    // A file may be removed meanwhile.
    const stats = await Promise.all(batch.map((file) => fs.promises.lstat(file).catch(() => undefined)));
    stats.forEach((stat, index) => {
      if (stat) found.push({ file: batch[index] ?? "", size: stat.size, changed: stat.mtimeMs });
    });
  }
  return found;
}

/** The size in bytes of all files below a folder; 0 when it does not exist. */
export async function bytesOf(folder: string): Promise<number> {
  return (await findFiles(folder)).reduce((sum, { size }) => sum + size, 0);
}

/** Makes a folder and all below it writable for its owner. */
async function makeWritable(folder: string): Promise<void> {
  await fs.promises.chmod(folder, 0o755);
  for (const entry of await fs.promises.readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(path.join(folder, entry.name));
  }
}

/**
 * Removes a folder, even when parts of it are read-only, as in Go's module cache.
 *
 * @param folder absolute path; nothing is done when it does not exist.
 */
export async function removeFolder(folder: string): Promise<void> {
  if (!fs.existsSync(folder)) return;
  // Root can remove read-only files, and changing the permissions of all of them takes a while.
  if (process.getuid?.() !== 0) await makeWritable(folder);
  await fs.promises.rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
