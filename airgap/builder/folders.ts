import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Work on folders that may hold hundreds of thousands of files. None of it blocks the process for long: the lock has to be renewed
 * meanwhile.
 */

/** How many files are asked for at a time. */
const BATCH = 256;

/** A file below a folder, and when it was changed last. */
export interface FoundFile {
  /** Absolute path. */
  readonly file: string;
  /** Size in bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

/**
 * All files below a folder; none when it does not exist. Links count as nothing.
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
    // One that goes away meanwhile is no longer there to be found.
    const stats = await Promise.all(batch.map((file) => fs.promises.lstat(file).catch(() => undefined)));
    stats.forEach((stat, index) => {
      if (stat) found.push({ file: batch[index] ?? "", size: stat.size, changed: stat.mtimeMs });
    });
  }
  return found;
}

/** The bytes of all files below a folder; 0 when it does not exist. */
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
 * Removes a folder, also one whose parts are read-only as those of Go's module cache are.
 *
 * @param folder absolute path; it may be missing.
 */
export async function removeFolder(folder: string): Promise<void> {
  if (!fs.existsSync(folder)) return;
  // Root may remove what is read-only, and going through all of it takes a while.
  if (process.getuid?.() !== 0) await makeWritable(folder);
  await fs.promises.rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
