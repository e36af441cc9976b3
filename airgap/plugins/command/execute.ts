/** Running a command so that it can be stopped with everything it started. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** What to run, and how. */
export interface Execution {
  /** The program and its arguments. */
  argv: readonly [string, ...string[]];
  cwd?: string;
  /** Beside this process's own environment. */
  env: Record<string, string>;
  stdin?: string;
  /** Gets each line of stdout (stderr) as it comes, without its end. */
  onStdout?: (line: string) => void;
  onStderr?: (line: string) => void;
  /** Stops the command and everything it started. */
  signal: AbortSignal;
}

/** How a command ended. */
export interface Ended {
  /** Undefined when a signal ended it. */
  code: number | undefined;
  killedBy: NodeJS.Signals | undefined;
  stdout: string;
  stderr: string;
}

/** How long a command has between the request to end and its end by force. */
const GRACE_MS = 2000;

/**
 * Runs a command and waits for it to end and to close its output.
 *
 * The command is the leader of a process group of its own. When `signal` is aborted the whole group gets SIGTERM, and
 * SIGKILL when it is still there after two seconds; the promise is settled only when the command is gone.
 *
 * @throws the signal's reason when it was aborted, or the system's error when the program or its folder is missing
 */
export async function execute(e: Execution): Promise<Ended> {
  e.signal.throwIfAborted();
  const [file, ...args] = e.argv;
  const child = spawn(file, args, { cwd: e.cwd, env: { ...process.env, ...e.env }, detached: true, stdio: "pipe" });
  // A command that does not read its input closes it early; that is no error of ours.
  child.stdin.on("error", () => {});
  child.stdin.end(e.stdin ?? "");

  const texts = [collect(child.stdout, e.onStdout), collect(child.stderr, e.onStderr)] as const;
  const ended = new Promise<{ code: number | null; killedBy: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, killedBy) => resolve({ code, killedBy }));
  });

  let late: NodeJS.Timeout | undefined;
  const stop = (): void => {
    signalGroup(child.pid, "SIGTERM");
    late = setTimeout(() => signalGroup(child.pid, "SIGKILL"), GRACE_MS);
  };
  e.signal.addEventListener("abort", stop, { once: true });
  try {
    const { code, killedBy } = await ended;
    e.signal.throwIfAborted();
    const [stdout, stderr] = await Promise.all(texts);
    return { code: code ?? undefined, killedBy: killedBy ?? undefined, stdout, stderr };
  } finally {
    clearTimeout(late);
    e.signal.removeEventListener("abort", stop);
  }
}

/** The whole text of a stream, handing out its lines on the way. */
async function collect(stream: Readable, onLine: ((line: string) => void) | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const lines = onLine && createInterface({ input: stream, crlfDelay: Infinity }).on("line", onLine);
  // An interface that reads lines ends after its last line, and so after the stream.
  await new Promise<void>((resolve) => (lines ?? stream).once("close", resolve));
  return Buffer.concat(chunks).toString("utf8");
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}
