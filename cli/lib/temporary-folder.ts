import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { isRunning } from "../../lib/pid-files";

/** `usmesh-<name>-<process>-<six characters>`. */
const PATTERN = /^usmesh-(.+)-(\d+)-[A-Za-z0-9]{6}$/;

/**
 * Does something with a folder that only this user can read, and removes the folder afterwards. The programs that Pulumi starts leave
 * files behind in `TMPDIR`: the Kubernetes provider a kubeconfig for each cluster, with the administrator's key.
 *
 * @param name what it is for, such as the stack; part of the folder's name.
 */
export async function inTemporaryFolder<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `usmesh-${name}-${process.pid}-`));
  try {
    return await work(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Removes the folders of that name that killed runs left behind. Not while a program may still work in one. */
export function removeLeftFolders(name: string): void {
  for (const entry of fs.readdirSync(os.tmpdir())) {
    const [, whose, pid] = PATTERN.exec(entry) ?? [];
    const folder = path.join(os.tmpdir(), entry);
    if (whose === name && !isRunning(Number(pid)) && isOwn(folder)) fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** In a folder that everybody may write to, a name says nothing about who made it. */
function isOwn(folder: string): boolean {
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  return stat !== undefined && stat.isDirectory() && stat.uid === process.getuid?.();
}
