import { spawnSync } from "node:child_process";
import * as fs from "node:fs";

/** Undoes {@link makeReadOnly}. */
export type Undo = () => void;

/**
 * Makes a folder one that this user cannot write into, also when that is root, whom permissions do not keep out.
 *
 * @returns undefined when nothing that this machine allows does that.
 */
export function makeReadOnly(folder: string): Undo | undefined {
  for (const { on, off } of WAYS) {
    const undo = (): void => void off.forEach((command) => run(command, folder));
    if (on.every((command) => run(command, folder)) && !canWrite(folder)) return undo;
    undo();
  }
  return undefined;
}

/** Permissions; an attribute of the file system; a mount of the folder onto itself. */
const WAYS: readonly { readonly on: readonly string[]; readonly off: readonly string[] }[] = [
  { on: ["chmod 555"], off: ["chmod 755"] },
  { on: ["chattr +i"], off: ["chattr -i"] },
  { on: ["mount --bind FOLDER", "mount -o remount,ro,bind"], off: ["umount"] },
];

function run(command: string, folder: string): boolean {
  const [program = "", ...args] = [...command.split(" "), folder].map((word) => word.replace("FOLDER", folder));
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

function canWrite(folder: string): boolean {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
