import * as fs from "node:fs";
import * as path from "node:path";

/** Where a dockerd keeps its pid files: absolute paths. */
export interface DaemonFiles {
  /** Folder of its state while it runs. */
  readonly run: string;
  /** Its own pid file. */
  readonly pidFile: string;
}

/** Name of a running process; undefined when there is none with that id. */
export type NameOf = (pid: number) => string | undefined;

/** Name of a process as the kernel knows it; undefined also for a zombie. */
export const processName: NameOf = (pid) => {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? undefined : stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
  } catch {
    return undefined;
  }
};

/** The process that a pid file names, if it is running and has the right name; otherwise the file is removed. */
function verified(file: string, name: string, nameOf: NameOf): number | undefined {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
  const pid = Number(text);
  if (Number.isInteger(pid) && pid > 0 && nameOf(pid) === name) return pid;
  fs.rmSync(file, { force: true });
  return undefined;
}

/**
 * Looks for a running dockerd, and removes the pid files that an earlier one left. dockerd itself trusts a pid file as long as any
 * process has that id, and then either refuses to start or waits for a containerd that is something else.
 *
 * @param files where it keeps them.
 * @param nameOf returns a process's name.
 * @returns the process id of a running dockerd; undefined when there is none.
 */
export function runningDaemon(files: DaemonFiles, nameOf: NameOf = processName): number | undefined {
  verified(path.join(files.run, "containerd", "containerd.pid"), "containerd", nameOf);
  return verified(files.pidFile, "dockerd", nameOf);
}

/** Whether a process runs on this machine, whoever started it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
