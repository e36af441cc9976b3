import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Makes a folder and those above it, as far as they are missing. Node's own recursive `mkdir` never returns where the system says
 * "no such file" although the folder above is there, as it does below `/proc`.
 *
 * @param folder absolute path.
 * @param mode permissions of the folders that are made.
 * @throws Error when one cannot be made.
 */
export function makeFolder(folder: string, mode?: number): void {
  if (isFolder(folder)) return;
  const above = path.dirname(folder);
  if (above !== folder) makeFolder(above, mode);
  try {
    fs.mkdirSync(folder, { mode });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(folder)) throw error;
  }
}

/**
 * What keeps files from being written into a folder, which is made if it is missing.
 *
 * @param folder absolute path.
 * @param mode permissions of the folders that are made.
 * @returns a sentence that names the folder; undefined when nothing does.
 */
export function obstacleTo(folder: string, mode?: number): string | undefined {
  if (isThere(folder)) return obstacleIn(folder);
  try {
    makeFolder(folder, mode);
  } catch (error) {
    return `the folder ${folder} cannot be made: ${(error as Error).message}`;
  }
  return obstacleIn(folder);
}

/**
 * The same for a home and those of its folders that are there already. Only the home itself is made.
 *
 * @param home absolute path.
 * @param folders the folders below it, absolute.
 * @param mode permissions of the folders that are made.
 */
export function obstacleBelow(home: string, folders: readonly string[], mode?: number): string | undefined {
  const all = [obstacleTo(home, mode), ...folders.filter(isThere).map(obstacleIn)];
  return all.find((problem) => problem !== undefined);
}

/** What keeps files from being written into a folder that is there. */
function obstacleIn(folder: string): string | undefined {
  if (!isFolder(folder)) return isThere(folder) ? `${folder} is not a folder` : undefined;
  try {
    // Unlike the permissions, this also tells of read-only file systems, and of those that keep even root from writing.
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
    return undefined;
  } catch (error) {
    return `the folder ${folder} cannot be written to: ${(error as Error).message}`;
  }
}

/** The folder itself, or what is there of the folders above it; a file, where one is in their place. */
export function closestThere(folder: string): string {
  const above = path.dirname(folder);
  return isThere(folder) || above === folder ? folder : closestThere(above);
}

/** Whether something has that name: a link counts whatever it leads to. */
function isThere(file: string): boolean {
  return statOf(fs.lstatSync, file) !== undefined;
}

function isFolder(file: string): boolean {
  return statOf(fs.statSync, file)?.isDirectory() ?? false;
}

/** With `throwIfNoEntry` alone, a file in the place of a folder above would be an error. */
function statOf(stat: (file: string) => fs.Stats, file: string): fs.Stats | undefined {
  try {
    return stat(file);
  } catch {
    return undefined;
  }
}
