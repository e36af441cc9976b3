/** Runs a command. With Node's own functions alone, since it is bundled into the plugin. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** What to run, and how. */
export interface Execution {
  /** The program and its arguments. */
  argv: readonly [string, ...string[]];
  cwd?: string;
  /** Variables in addition to this process's environment. */
  env: Record<string, string>;
  stdin?: string;
  /** Called with each line of stdout (stderr) as it comes, without the line break. */
  onStdout?: (line: string) => void;
  onStderr?: (line: string) => void;
  /** Aborting it kills the command, but not what the command started. */
  signal: AbortSignal;
}

/** How a command ended. */
export interface Ended {
  /** Undefined when a signal ended it. */
  code: number | undefined;
  killedBy: NodeJS.Signals | undefined;
  stdout: string;
  stderr: string;
  /** Both together, in the order in which they came. */
  said: string;
}

/**
 * Runs a command, and waits until it has ended and its output is closed.
 *
 * When `signal` is aborted, the command gets SIGKILL. What it started keeps running, and is waited for as long as it has the output
 * open.
 *
 * @throws the signal's reason when it was already aborted, or the system's error when the program or its folder does not exist
 */
export async function execute(e: Execution): Promise<Ended> {
  e.signal.throwIfAborted();
  const [file, ...args] = e.argv;
  const child = spawn(file, args, { cwd: e.cwd, env: { ...process.env, ...e.env }, stdio: "pipe" });
  // A command that does not read its input closes it early, which is not an error.
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

/** The whole text of a stream; calls `onLine` with its lines as they come. */
async function collect(stream: Readable, said: Buffer[], onLine: ((line: string) => void) | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    said.push(chunk);
  });
  const lines = onLine && createInterface({ input: stream, crlfDelay: Infinity }).on("line", onLine);
  // A line reader closes after its last line, and thus after the stream.
  await new Promise<void>((resolve) => (lines ?? stream).once("close", resolve));
  return Buffer.concat(chunks).toString("utf8");
}
