import { spawn, type StdioOptions } from "node:child_process";
import { constants } from "node:os";
import { EXIT, MeshError } from "./errors";

/** How a command is run. */
export interface RunOptions {
  /** Working folder; the process's own unless given. */
  readonly cwd?: string;
  /** The whole environment; the process's own unless given. */
  readonly env?: NodeJS.ProcessEnv;
  /** Text for standard input; closed at once unless given. */
  readonly input?: string;
  /** Milliseconds after which the command is ended and counts as failed; no limit unless given. */
  readonly timeout?: number;
}

/** How a command ended. */
export interface Finished {
  /** Exit code; 128 plus the signal's number when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command to its end and gives back what it printed, whatever its exit code.
 *
 * @throws MeshError when the command cannot be started at all.
 */
export async function capture(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return start(command, args, options, [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"]);
}

/**
 * Runs a command that has to succeed.
 *
 * @returns standard output without the final newline.
 * @throws MeshError naming the command, its exit code and the end of what it said.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await capture(command, args, options);
  if (code === 0) return stdout.replace(/\n$/, "");
  const said = (stderr.trim() || stdout.trim()).split("\n").slice(-5).join("\n");
  // What comes before the first flag names what was done; the rest may be anything.
  const flag = args.findIndex((arg) => arg.startsWith("-"));
  const what = [command, ...args.slice(0, flag === -1 ? 1 : flag)].join(" ");
  throw new MeshError(`${what} failed with exit code ${code}`, said || undefined);
}

/**
 * Runs a command on the user's terminal. Ctrl-C reaches the command itself, which decides how it ends; this process waits for it.
 *
 * @param stdout where its standard output goes: as this process's own, or to standard error where standard output is for data.
 * @returns the exit code; 128 plus the signal's number when a signal ended it.
 */
export async function stream(
  command: string,
  args: readonly string[],
  options: RunOptions & { readonly stdout?: "inherit" | "stderr" } = {},
): Promise<number> {
  const finished = await start(command, args, options, ["inherit", options.stdout === "stderr" ? 2 : "inherit", "inherit"]);
  return finished.code;
}

function start(command: string, args: readonly string[], options: RunOptions, stdio: StdioOptions): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: options.env ?? process.env, stdio, timeout: options.timeout });
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout?.on("data", (chunk: Buffer) => chunks.stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => chunks.stderr.push(chunk));
    // A command may end before it has read everything; its exit code tells what is to be told.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input);
    const release = passSignals(child);
    child.on("error", (error: NodeJS.ErrnoException) => {
      release();
      const missing = error.code === "ENOENT";
      reject(new MeshError(missing ? `${command} was not found` : `${command} could not be started: ${error.message}`, undefined, EXIT.unusable));
    });
    child.on("close", (code, signal) => {
      release();
      resolve({
        code: code ?? 128 + (signal ? constants.signals[signal] : 0),
        stdout: Buffer.concat(chunks.stdout).toString(),
        stderr: Buffer.concat(chunks.stderr).toString(),
      });
    });
  });
}

/** The terminal sends Ctrl-C to every process itself; SIGTERM and SIGHUP come to this one alone and are handed on. */
function passSignals(child: { kill(signal: NodeJS.Signals): boolean }): () => void {
  const wait = (): void => undefined;
  const terminate = (): void => void child.kill("SIGTERM");
  process.on("SIGINT", wait);
  process.on("SIGTERM", terminate);
  process.on("SIGHUP", terminate);
  return () => {
    process.off("SIGINT", wait);
    process.off("SIGTERM", terminate);
    process.off("SIGHUP", terminate);
  };
}
