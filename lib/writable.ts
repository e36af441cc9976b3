import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Creates a folder and those above it that are missing. Node's own recursive `mkdir` never returns where the system says "no such file"
 * although the folder above exists, as it does below `/proc`.
 *
 * @param folder absolute path.
 * @param mode permissions of the folders that are created. Default: what the process's umask leaves.
 * @throws Error when one cannot be created.
 */
export function makeFolder(folder: string, mode?: number): void {
  if (isFolder(folder)) return;
  const above = path.dirname(folder);
  if (above !== folder) makeFolder(above, mode);
  try {
    fs.mkdirSync(folder, { mode });
  } catch (error) {
    // Another process may have created it in the meantime.
    if (!isFolder(folder)) throw error;
  }
}

/**
 * Writes a file in one step, so that no other process ever reads half of it. Only its owner can read it.
 *
 * @param file its path; its folder exists.
 */
export function replaceFile(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  fs.writeFileSync(temporary, text, { mode: 0o600 });
  fs.renameSync(temporary, file);
}

/**
 * Why files cannot be written into a folder, which is created if it is missing.
 *
 * @param folder absolute path.
 * @param mode permissions of the folders that are created. Default: what the process's umask leaves.
 * @returns a sentence that names the folder; undefined when they can.
 */
export function obstacleTo(folder: string, mode?: number): string | undefined {
  if (exists(folder)) return obstacleIn(folder);
  try {
    makeFolder(folder, mode);
  } catch (error) {
    return `the folder ${folder} cannot be created: ${(error as Error).message}`;
  }
  return obstacleIn(folder);
}

/**
 * As {@link obstacleTo}, for a home and those of its folders that exist. Only the home itself is created.
 *
 * @param home absolute path.
 * @param folders the folders below it, absolute.
 * @param mode permissions of the folders that are created. Default: what the process's umask leaves.
 */
export function obstacleBelow(home: string, folders: readonly string[], mode?: number): string | undefined {
  const all = [obstacleTo(home, mode), ...folders.filter(exists).map(obstacleIn)];
  return all.find((problem) => problem !== undefined);
}

/** Why files cannot be written into something that exists. */
function obstacleIn(folder: string): string | undefined {
  if (!isFolder(folder)) return exists(folder) ? `${folder} is not a folder` : undefined;
  try {
    // Unlike the permissions, this also covers read-only file systems, and those on which not even root can write.
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
    return undefined;
  } catch (error) {
    return `the folder ${folder} cannot be written to: ${(error as Error).message}`;
  }
}

/** The folder itself, or the closest one above it that exists; a file, where one is in their place. */
export function closestThere(folder: string): string {
  const above = path.dirname(folder);
  return exists(folder) || above === folder ? folder : closestThere(above);
}

/** Whether something has that name. A symbolic link counts, whatever it points to. */
function exists(file: string): boolean {
  return statOf(fs.lstatSync, file) !== undefined;
}

function isFolder(file: string): boolean {
  return statOf(fs.statSync, file)?.isDirectory() ?? false;
}

/** `throwIfNoEntry: false` would still throw when a file is in the place of a folder above. */
function statOf(stat: (file: string) => fs.Stats, file: string): fs.Stats | undefined {
  try {
    return stat(file);
  } catch {
    return undefined;
  }
}
