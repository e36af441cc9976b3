import * as fs from "node:fs";
import * as path from "node:path";

/** Flushes the content of a file or folder to disk. */
function flush(absolute: string): void {
  const handle = fs.openSync(absolute, "r");
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/** Flushes a file, or a folder with all its content, to disk without blocking the process. Links are skipped. */
async function flushTree(absolute: string): Promise<void> {
  const stat = fs.lstatSync(absolute);
  if (stat.isSymbolicLink()) return;
  if (stat.isDirectory()) for (const entry of fs.readdirSync(absolute)) await flushTree(path.join(absolute, entry));
  const handle = await fs.promises.open(absolute, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file so that a kill or a power failure leaves either the old content or the new one. Creates its folder.
 *
 * @param absolute the file.
 * @param content text to write.
 */
export function writeAtomically(absolute: string, content: string): void {
  const folder = path.dirname(absolute);
  fs.mkdirSync(folder, { recursive: true });
  const temporary = `${absolute}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, content);
  flush(temporary);
  fs.renameSync(temporary, absolute);
  flush(folder);
}

/**
 * Flushes a finished file or folder and moves it to its place. A file is replaced in one rename. A folder cannot be: an existing one is
 * moved into `trash` first, so that a kill leaves the old one, none or the new one, but never an incomplete one.
 *
 * @param from what to move.
 * @param to its place; the parent folder is created.
 * @param trash folder on the same file system that may be deleted at any time.
 */
export async function publish(from: string, to: string, trash: string): Promise<void> {
  await flushTree(from);
  fs.mkdirSync(path.dirname(to), { recursive: true });
  const old = fs.lstatSync(to, { throwIfNoEntry: false });
  if (old && (old.isDirectory() || fs.lstatSync(from).isDirectory())) {
    const aside = fs.mkdtempSync(path.join(trash, "replaced-"));
    fs.renameSync(to, path.join(aside, path.basename(to)));
  }
  fs.renameSync(from, to);
  flush(path.dirname(to));
}

/** A file below a folder. */
export interface FileSize {
  /** Path relative to that folder. */
  readonly path: string;
  /** Size in bytes; 0 for a link. */
  readonly size: number;
}

/**
 * A file, or all files of a folder, sorted.
 *
 * @param root folder that paths are relative to.
 * @param name the file or folder.
 * @throws Error when it does not exist.
 */
export function filesOf(root: string, name: string): FileSize[] {
  const absolute = path.join(root, name);
  const stat = fs.lstatSync(absolute);
  if (!stat.isDirectory()) return [{ path: name, size: stat.isSymbolicLink() ? 0 : stat.size }];
  return fs
    .readdirSync(absolute)
    .sort()
    .flatMap((entry) => filesOf(root, path.join(name, entry)));
}
