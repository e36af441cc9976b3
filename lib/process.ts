import { spawn, type StdioOptions } from "node:child_process";
import { constants } from "node:os";
import { EXIT, MeshError } from "./errors";

/** How a command is run. */
export interface RunOptions {
  /** Working directory. Default: that of this process. */
  readonly cwd?: string;
  /** The whole environment. Default: that of this process. Secrets belong here or in `input`, never in arguments, which every user can list. */
  readonly env?: NodeJS.ProcessEnv;
  /** Text for standard input. Default: standard input is empty. */
  readonly input?: string;
  /** Milliseconds after which the command is terminated and counts as failed. Default: no limit. */
  readonly timeoutMs?: number;
}

/** How a command ended. */
export interface Finished {
  /** Exit code; 128 plus the signal's number when a signal ended the command. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs other programs: {@link runner}, or a fake in tests. */
export interface Runner {
  readonly capture: typeof capture;
  readonly run: typeof run;
}

/**
 * Runs a command to its end and returns what it printed, whatever its exit code.
 *
 * @throws MeshError when the command cannot be started.
 */
export async function capture(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return start(command, args, options, [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"]);
}

/**
 * Runs a command that must succeed.
 *
 * @returns standard output without the final newline.
 * @throws MeshError with the command, its exit code and the last lines of its output.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await capture(command, args, options);
  if (code === 0) return stdout.replace(/\n$/, "");
  throw new MeshError("command-failed", `${describeCommand(command, args)} failed with exit code ${code}`, lastLines(stderr.trim() || stdout.trim()) || undefined);
}

/** Runs real programs. */
export const runner: Runner = { capture, run };

/**
 * Runs a command on the user's terminal. Ctrl-C reaches the command itself, which decides how it ends; this process waits for it.
 *
 * @param stdout where its standard output goes: to this process's own, or to standard error when standard output is for data.
 * @returns the exit code; 128 plus the signal's number when a signal ended the command.
 */
export async function stream(
  command: string,
  args: readonly string[],
  options: RunOptions & { readonly stdout?: "inherit" | "stderr" } = {},
): Promise<number> {
  const { code } = await start(command, args, options, ["inherit", options.stdout === "stderr" ? 2 : "inherit", "inherit"]);
  return code;
}

/** The command up to its first flag, which says what was done. The rest may hold anything. */
function describeCommand(command: string, args: readonly string[]): string {
  const flag = args.findIndex((arg) => arg.startsWith("-"));
  return [command, ...args.slice(0, flag === -1 ? 1 : flag)].join(" ");
}

function lastLines(text: string): string {
  return text.split("\n").slice(-5).join("\n");
}

/** Not execa: loading it takes 0.4 s here (105 ES modules through tsx), which each command would pay for what `spawn` does as well. */
function start(command: string, args: readonly string[], { cwd, env = process.env, input, timeoutMs }: RunOptions, stdio: StdioOptions): Promise<Finished> {
  return new Promise((resolve, reject) => {
    // Before the child is there, so that no signal is missed: handlers run only after this function has started it.
    const stopForwarding = forwardSignals((signal) => void child.kill(signal));
    const child = spawn(command, args, { cwd, env, stdio, timeout: timeoutMs });
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout?.on("data", (chunk: Buffer) => chunks.stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => chunks.stderr.push(chunk));
    // A command may end before it has read everything; its exit code says what there is to say.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
    child.on("error", (error: NodeJS.ErrnoException) => {
      stopForwarding();
      reject(notStarted(command, error));
    });
    child.on("close", (code, signal) => {
      stopForwarding();
      resolve({
        code: code ?? 128 + (signal ? constants.signals[signal] : 0),
        stdout: Buffer.concat(chunks.stdout).toString(),
        stderr: Buffer.concat(chunks.stderr).toString(),
      });
    });
  });
}

function notStarted(command: string, { code, message }: NodeJS.ErrnoException): MeshError {
  return new MeshError("command-not-found", code === "ENOENT" ? `${command} was not found` : `${command} could not be started: ${message}`, undefined, EXIT.unusable);
}

/** The terminal sends Ctrl-C to every process. SIGTERM and SIGHUP come to this process alone, so they are forwarded. */
function forwardSignals(send: (signal: NodeJS.Signals) => void): () => void {
  const wait = (): void => undefined;
  const terminate = (): void => send("SIGTERM");
  process.on("SIGINT", wait);
  process.on("SIGTERM", terminate);
  process.on("SIGHUP", terminate);
  return () => {
    process.off("SIGINT", wait);
    process.off("SIGTERM", terminate);
    process.off("SIGHUP", terminate);
  };
}
