/** Running a command. */
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
  /** Kills the command, and the command alone. */
  signal: AbortSignal;
}

/** How a command ended. */
export interface Ended {
  /** Undefined when a signal ended it. */
  code: number | undefined;
  killedBy: NodeJS.Signals | undefined;
  stdout: string;
  stderr: string;
  /** Both, in the order in which they came. */
  said: string;
}

/**
 * Runs a command and waits for it to end and for its output to be closed.
 *
 * When `signal` is aborted the command gets SIGKILL. What it started itself goes on, and is waited for as long as it holds
 * the output.
 *
 * @throws the signal's reason when it was aborted before, or the system's error when the program or its folder is missing
 */
export async function execute(e: Execution): Promise<Ended> {
  e.signal.throwIfAborted();
  const [file, ...args] = e.argv;
  const child = spawn(file, args, { cwd: e.cwd, env: { ...process.env, ...e.env }, stdio: "pipe" });
  // A command that does not read its input closes it early; that is no error of ours.
  child.stdin.on("error", () => {});
  child.stdin.end(e.stdin ?? "");

  const said: Buffer[] = [];
  const texts = [collect(child.stdout, said, e.onStdout), collect(child.stderr, said, e.onStderr)] as const;
  const ended = new Promise<{ code: number | null; killedBy: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, killedBy) => resolve({ code, killedBy }));
  });

  const kill = (): void => void child.kill("SIGKILL");
  e.signal.addEventListener("abort", kill, { once: true });
  try {
    const { code, killedBy } = await ended;
    const [stdout, stderr] = await Promise.all(texts);
    return { code: code ?? undefined, killedBy: killedBy ?? undefined, stdout, stderr, said: Buffer.concat(said).toString("utf8") };
  } finally {
    e.signal.removeEventListener("abort", kill);
  }
}

/** The whole text of a stream, handing out its lines on the way. */
async function collect(stream: Readable, said: Buffer[], onLine: ((line: string) => void) | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    said.push(chunk);
  });
  const lines = onLine && createInterface({ input: stream, crlfDelay: Infinity }).on("line", onLine);
  // An interface that reads lines ends after its last line, and so after the stream.
  await new Promise<void>((resolve) => (lines ?? stream).once("close", resolve));
  return Buffer.concat(chunks).toString("utf8");
}
