import * as fs from "node:fs";
import * as path from "node:path";

/** Name of a running process; undefined when there is none with that number. */
export type NameOf = (pid: number) => string | undefined;

/** Name of a process as the kernel knows it; of one that has ended and was only never waited for, none. */
export const processName: NameOf = (pid) => {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? undefined : stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
  } catch {
    return undefined;
  }
};

/** The process that a pid file names, if it runs and has the right name; a file that names no such process is removed. */
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

/** Where a dockerd keeps what lives only as long as it runs. */
export interface DaemonPlace {
  /** Its folder for that (`--exec-root`). */
  readonly run: string;
  /** File with its process id. */
  readonly pidFile: string;
}

/**
 * Looks for a dockerd that runs already, and takes away what an earlier one left behind. dockerd itself believes its pid files as
 * long as any process has the number, and then either refuses to start or waits for a containerd that is none.
 *
 * @param place where it runs.
 * @param nameOf asks for a process's name.
 * @returns the process id of a running dockerd.
 */
export function runningDaemon(place: DaemonPlace, nameOf: NameOf = processName): number | undefined {
  verified(path.join(place.run, "containerd", "containerd.pid"), "containerd", nameOf);
  return verified(place.pidFile, "dockerd", nameOf);
}
