import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { noteGroup } from "./leftovers";
import type { AirgapPaths } from "./paths";
import type { RunOptions } from "./step";

/** What a command is run with, besides itself. */
export interface Surroundings {
  readonly paths: AirgapPaths;
  /** Working folder unless the options name one. */
  readonly cwd: string;
  /** Aborting it ends the command. */
  readonly signal: AbortSignal;
  /** Takes what the command prints, as it comes. */
  readonly output: (text: string) => void;
}

/** Milliseconds between asking an interrupted command to end and making it. */
const GRACE_MS = 5_000;

/** The environment of a step's command: the process's own with the air gap's executables first. */
function environment(paths: AirgapPaths, extra: NodeJS.ProcessEnv | undefined): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${paths.bin}:${process.env.PATH ?? ""}`, ...extra };
  for (const [name, value] of Object.entries(env)) if (value === undefined) delete env[name];
  return env;
}

/**
 * Runs a command in a process group of its own, so that all that it starts can be ended with it.
 *
 * @returns standard output without its final newline; empty when it went to a file.
 * @throws Error when it cannot be started, ends with another code than 0 or by a signal, or is interrupted.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: RunOptions,
  surroundings: Surroundings,
): Promise<string> {
  const { paths, signal, output } = surroundings;
  if (signal.aborted) throw new Error(`${command} was not started: the build was interrupted`);
  output(`$ ${[command, ...args].join(" ")}\n`);
  const stdin = options.inputFile ? fs.openSync(options.inputFile, "r") : undefined;
  const stdout = options.outputFile ? fs.openSync(options.outputFile, "w") : undefined;
  const child = spawn(command, [...args], {
    cwd: options.cwd ?? surroundings.cwd,
    env: environment(paths, options.env),
    detached: true,
    stdio: [stdin ?? "pipe", stdout ?? "pipe", "pipe"],
  });
  const pid = child.pid;
  const ended = pid === undefined ? () => undefined : noteGroup(paths, pid);
  const kill = (how: NodeJS.Signals): void => {
    try {
      if (pid !== undefined) process.kill(-pid, how);
    } catch {
      // The group has ended by itself.
    }
  };
  let last: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    kill("SIGTERM");
    last = setTimeout(() => kill("SIGKILL"), GRACE_MS);
  };
  signal.addEventListener("abort", interrupt, { once: true });
  const collected: Buffer[] = [];
  child.stdout?.on("data", (data: Buffer) => {
    collected.push(data);
    output(data.toString());
  });
  child.stderr?.on("data", (data: Buffer) => output(data.toString()));
  // A command that ends before it has read its input breaks the pipe; its exit code says what matters.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.input ?? "");
  try {
    const [code, by] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.on("error", (error) => reject(new Error(`${command} cannot be started: ${error.message}`)));
      child.on("close", (exit, exitSignal) => resolve([exit, exitSignal]));
    });
    if (signal.aborted) throw new Error(`${command} was interrupted`);
    if (by) throw new Error(`${command} was ended by ${by}`);
    if (code !== 0) throw new Error(`${command} ended with exit code ${code}`);
  } finally {
    signal.removeEventListener("abort", interrupt);
    clearTimeout(last);
    ended();
    if (stdin !== undefined) fs.closeSync(stdin);
    if (stdout !== undefined) fs.closeSync(stdout);
  }
  return Buffer.concat(collected).toString().replace(/\n$/, "");
}
