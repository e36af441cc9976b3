import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Finished } from "../../lib/process";

/** How a command of the benchmark is run. */
export interface ExecuteOptions {
  /** The whole environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Text for standard input. Default: it is empty. */
  readonly input?: string;
  /** When it is aborted, the command and what it started get SIGINT, what it leaves behind SIGTERM, and SIGKILL where that is not enough. */
  readonly signal?: AbortSignal;
  /** Is told the process id once it runs. */
  readonly started?: (pid: number) => void;
}

/** How a command ended, and how long it took. */
export interface Executed extends Finished {
  readonly seconds: number;
}

/** Milliseconds that an interrupted command has to end by itself: the engine finishes what it is doing. */
const GRACE_MS = 120_000;

/** How much of what a command said is repeated when it fails. */
const LAST_CHARACTERS = 2000;

/**
 * Runs a command to its end, whatever its exit code. Not `capture`: the command has a process group of its own, so that Ctrl-C reaches it
 * once and by way of the signal alone. The engine takes a second interrupt for an order to leave everything as it is.
 */
export function execute(command: string, args: readonly string[], { env, cwd, input, signal, started }: ExecuteOptions): Promise<Executed> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const start = performance.now();
    const child = spawn(command, args, { env, cwd, detached: true, stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"] });
    let killing: NodeJS.Timeout | undefined;
    const send = (name: NodeJS.Signals): void => void (child.pid !== undefined && signalGroup(child.pid, name));
    const interrupt = (): void => {
      send("SIGINT");
      killing = setTimeout(() => send("SIGKILL"), GRACE_MS);
    };
    const release = (): void => {
      signal?.removeEventListener("abort", interrupt);
      clearTimeout(killing);
    };
    signal?.addEventListener("abort", interrupt, { once: true });
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout?.on("data", (chunk: Buffer) => chunks.stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => chunks.stderr.push(chunk));
    // A command may end before it has read everything; its exit code says what there is to say.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
    child.once("spawn", () => child.pid !== undefined && started?.(child.pid));
    child.once("error", (error) => {
      release();
      reject(error);
    });
    // `exit` ends the time: what a command left running may keep its output open.
    let seconds = 0;
    child.once("exit", () => {
      seconds = (performance.now() - start) / 1000;
      // What a shell has started in the background ignores SIGINT.
      if (signal?.aborted) send("SIGTERM");
    });
    child.once("close", (code, by) => {
      release();
      const text = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString();
      resolve({ code: code ?? 128 + (by ? constants.signals[by] : 0), stdout: text(chunks.stdout), stderr: text(chunks.stderr), seconds });
    });
  });
}

/**
 * Makes sure that a command succeeded.
 *
 * @param what names it: its arguments may be long.
 * @throws the reason of the signal when it was interrupted, else Error with the end of what the command said.
 */
export function succeeded(what: string, ended: Executed, signal?: AbortSignal): Executed {
  signal?.throwIfAborted();
  if (ended.code === 0) return ended;
  throw new Error(`${what} ended with ${ended.code}:\n${`${ended.stdout}\n${ended.stderr}`.trim().slice(-LAST_CHARACTERS)}`);
}

function signalGroup(leader: number, name: NodeJS.Signals): void {
  try {
    process.kill(-leader, name);
  } catch {
    // All of it has ended in the meantime.
  }
}
