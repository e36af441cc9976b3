import * as fs from "node:fs";

/** Milliseconds from one look to the next. */
const LOOK_MS = 50;
/** Milliseconds after which a process is not looked at again: by then it has become the program that it was started for. */
const YOUNG_MS = 2000;

/**
 * Notes the command lines of all processes of this machine while something works, as any user could list them.
 *
 * @returns what that gave, and the command lines, arguments separated by NUL.
 */
export async function watchProcesses<T>(work: Promise<T>): Promise<{ readonly result: T; readonly commandLines: ReadonlySet<string> }> {
  const commandLines = new Set<string>();
  const since = new Map<string, number>();
  const look = (): void => {
    const now = Date.now();
    const pids = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    for (const pid of since.keys()) if (!pids.includes(pid)) since.delete(pid);
    for (const pid of pids) {
      if (!since.has(pid)) since.set(pid, now);
      if (now - (since.get(pid) ?? now) > YOUNG_MS) continue;
      try {
        commandLines.add(fs.readFileSync(`/proc/${pid}/cmdline`, "utf8"));
      } catch {
        // It ended meanwhile.
      }
    }
  };
  const timer = setInterval(look, LOOK_MS);
  try {
    const result = await work;
    look();
    return { result, commandLines };
  } finally {
    clearInterval(timer);
  }
}
