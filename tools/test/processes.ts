/** Processes that belong to a part of the tests, also those that left their parent, as daemons do. */
import * as fs from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** Variable that is set in the environment of everything that a part starts. */
export const MARK = "USMESH_TEST_RUN";

/** A process as far as it matters here. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** The value of {@link MARK} in its environment; undefined when there is none, or the environment cannot be read. */
  readonly mark?: string;
}

/** Milliseconds that processes have to end by themselves. */
const GRACE_MS = 10_000;

/** Milliseconds in which a process that was killed should be gone: one that hangs in the kernel may stay. */
const KILLED_MS = 2_000;

/** The processes that carry a mark, and all below them: a test may start one with an environment of its own. */
export function marked(all: readonly Process[], mark: string): number[] {
  return withDescendants(
    all,
    all.filter((process) => process.mark === mark).map(({ pid }) => pid),
  );
}

/** Some processes, and all below them. */
export function withDescendants(all: readonly Process[], pids: readonly number[]): number[] {
  const found = new Set(pids);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/** All processes of this machine; empty without `/proc`. */
export function allProcesses(): Process[] {
  if (!fs.existsSync("/proc/self/stat")) return [];
  const pids = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.flatMap((pid) => {
    const stat = read(pid, "stat");
    // After the name, which may hold anything in its brackets: the state and the parent.
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (parent === undefined || state === "Z") return [];
    const variable = read(pid, "environ").split("\0").find((entry) => entry.startsWith(`${MARK}=`));
    return [{ pid, parent: Number(parent), mark: variable?.slice(MARK.length + 1) }];
  });
}

/** Ends all processes with a mark, and those below them: with SIGTERM, and with SIGKILL those that do not end by that. */
export async function endMarked(mark: string, graceMs = GRACE_MS): Promise<void> {
  const left = await signalAll(marked(allProcesses(), mark), "SIGTERM", graceMs);
  await signalAll([...left, ...marked(allProcesses(), mark)], "SIGKILL", KILLED_MS);
}

/** Waits for the processes' end. @returns which of them are still there. */
async function signalAll(pids: readonly number[], signal: NodeJS.Signals, timeoutMs: number): Promise<number[]> {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended in the meantime.
    }
  }
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const running = new Set(allProcesses().map(({ pid }) => pid));
    const left = pids.filter((pid) => running.has(pid));
    if (left.length === 0 || Date.now() > deadline) return left;
    await pause(20);
  }
}

function read(pid: number, file: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
