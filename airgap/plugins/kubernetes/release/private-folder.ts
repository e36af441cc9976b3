/** One folder of this process alone, for what Helm can take only as files. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const PREFIX = "usmesh-helm-";

/** The environment variable that tells which processes work for this one: its value is the private folder. */
export const FOLDER_VARIABLE = "USMESH_HELM_FOLDER";

let folder: string | undefined;

/**
 * The process's private folder (mode 0700), made when it is first asked for and removed when the process ends. What a
 * killed process left behind is removed by the next one, and helm processes that it left running are ended first, lest
 * they write over what the next run does.
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
    const abandoned = path.join(os.tmpdir(), name);
    endUsersOf(abandoned);
    try {
      fs.rmSync(abandoned, { recursive: true, force: true });
    } catch {
      // Another user's: not ours to remove.
    }
  }
}

/** Ends the processes whose environment names the folder. Where there is no /proc they cannot be told, and go on. */
function endUsersOf(abandoned: string): void {
  const pids = fs.existsSync("/proc/self/environ") ? fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  for (const pid of pids) {
    try {
      const environment = fs.readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      if (environment.includes(`${FOLDER_VARIABLE}=${abandoned}`)) process.kill(Number(pid), "SIGKILL");
    } catch {
      // It ended in between, or is another user's.
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
