/** One folder of this process alone, for what Helm can take only as files. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const PREFIX = "usmesh-helm-";

let folder: string | undefined;

/**
 * The process's private folder (mode 0700), made when it is first asked for and removed when the process ends. What a
 * killed process left behind is removed by the next one.
 */
export function privateFolder(): string {
  if (folder === undefined) {
    removeAbandoned();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`));
    const made = folder;
    process.once("exit", () => fs.rmSync(made, { recursive: true, force: true }));
  }
  return folder;
}

/** Gives `use` the path of a private file (mode 0600) with the content, and removes the file whatever happens. */
export async function withPrivateFile<T>(content: string, use: (file: string) => Promise<T>): Promise<T> {
  const holder = fs.mkdtempSync(path.join(privateFolder(), "file-"));
  try {
    const file = path.join(holder, "content");
    fs.writeFileSync(file, content, { mode: 0o600 });
    return await use(file);
  } finally {
    fs.rmSync(holder, { recursive: true, force: true });
  }
}

function removeAbandoned(): void {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    try {
      fs.rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Another user's: not ours to remove.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
