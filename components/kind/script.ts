import { join, relative } from "node:path";

/** Folder of the scripts, beside this one. The package has them at the same place. */
const FOLDER = join(__dirname, "..", "scripts");

/**
 * The command that runs one of the components' scripts. It is recorded in the state, and another command runs again: so it names the script
 * by its path from the program's folder, which is the same on every machine, and not by the folder of one machine.
 *
 * @param file the script's file name
 */
export function script(file: string): string {
  const path = relative(process.cwd(), join(FOLDER, file));
  return `sh ${/^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`}`;
}
