import { noteGroup } from "./leftovers";
import type { AirgapPaths } from "./paths";
import type { RunOptions } from "./step";

/** What a command is run with, besides its own options. */
export interface CommandContext {
  readonly paths: AirgapPaths;
  /** Working folder unless the options name one. */
  readonly cwd: string;
  /** Aborting it ends the command. */
  readonly signal: AbortSignal;
  /** Called with what the command prints, as it comes. */
  readonly output: (text: string) => void;
}

/** Milliseconds between asking an interrupted command to end and killing it. */
const GRACE_MS = 5_000;

/** The environment of a step's command: the process's own with the air gap's executables first. */
function environment(paths: AirgapPaths, extra: NodeJS.ProcessEnv | undefined): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${paths.bin}:${process.env.PATH ?? ""}`, ...extra };
}

/** How a command ended, as execa says it. */
interface Ended {
  readonly signal?: NodeJS.Signals;
  readonly exitCode?: number;
  readonly originalMessage?: string;
}

/** What to say of a command that failed. */
function howItFailed({ signal, exitCode, originalMessage }: Ended, started: boolean): string {
  if (signal !== undefined) return `was ended by ${signal}`;
  if (exitCode !== undefined && exitCode !== 0) return `ended with exit code ${exitCode}`;
  return `${started ? "failed" : "cannot be started"}: ${originalMessage}`;
}

/**
 * Runs a command in a process group of its own, so that everything that it starts can be ended with it.
 *
 * A runner of its own on top of execa, beside that of `lib/process.ts`: all output goes to a log as it comes, standard input and output
 * can be files, and the group is noted, so that the next run can end it when this one is killed.
 *
 * @returns standard output without its final newline; empty when it went to a file.
 * @throws Error when it cannot be started, ends with an exit code other than 0 or by a signal, or is interrupted.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: RunOptions,
  { paths, cwd, signal, output }: CommandContext,
): Promise<string> {
  const { execa } = await import("execa");
  if (signal.aborted) throw new Error(`${command} was not started: the build was interrupted`);
  output(`$ ${[command, ...args].join(" ")}\n`);
  const running = execa(command, args, {
    cwd: options.cwd ?? cwd,
    env: environment(paths, options.env),
    extendEnv: false,
    detached: true,
    ...(options.inputFile === undefined ? { input: options.input ?? "" } : { inputFile: options.inputFile }),
    stdout: options.outputFile === undefined ? "pipe" : { file: options.outputFile },
    buffer: { stdout: options.outputFile === undefined, stderr: false },
    maxBuffer: Infinity,
    reject: false,
  });
  const { pid } = running;
  const forget = pid === undefined ? () => undefined : noteGroup(paths, pid);
  const kill = (how: NodeJS.Signals): void => {
    try {
      if (pid !== undefined) process.kill(-pid, how);
    } catch {
      // The group has ended already.
    }
  };
  let last: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    kill("SIGTERM");
    last = setTimeout(() => kill("SIGKILL"), GRACE_MS);
  };
  signal.addEventListener("abort", interrupt, { once: true });
  const log = (data: Buffer): void => output(data.toString());
  if (options.outputFile === undefined) running.stdout?.on("data", log);
  running.stderr?.on("data", log);
  try {
    const ended = await running;
    if (signal.aborted) throw new Error(`${command} was interrupted`);
    if (ended.failed) throw new Error(`${command} ${howItFailed(ended, pid !== undefined)}`);
    return options.outputFile === undefined ? String(ended.stdout) : "";
  } finally {
    signal.removeEventListener("abort", interrupt);
    clearTimeout(last);
    forget();
  }
}
