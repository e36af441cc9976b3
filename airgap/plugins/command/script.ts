/** One run of a Command's script. */
import type { Log } from "../lib/plugin";
import { execute, type Ended } from "./execute";
import type { BaseInputs } from "./inputs";

/** The outputs of a run. */
export interface Outputs {
  stdout: string;
  stderr: string;
}

/** One run. */
export interface ScriptRun {
  script: string;
  /** The inputs, with secrets in plain text. */
  inputs: BaseInputs;
  /** The outputs of the previous run, if there was one. */
  previous?: Partial<Outputs>;
  log: Log;
  signal: AbortSignal;
  /** 0 for no limit. */
  timeoutSeconds: number;
}

const SHELL: readonly [string, ...string[]] = ["/bin/sh", "-c"];

/**
 * Runs a script as the official plugin does: with the shell or the given interpreter, and with the outputs of the previous run in its
 * environment. Its own outputs have no final line break.
 *
 * @throws when it cannot be started, fails, or is killed because it took too long or the run was cancelled; the message has the script
 *   and everything that it printed, including secrets
 */
export async function runScript(run: ScriptRun): Promise<Outputs> {
  const { script, inputs, log, timeoutSeconds } = run;
  const [file, ...args] = inputs.interpreter?.length ? (inputs.interpreter as [string, ...string[]]) : SHELL;
  const say = (line: string): void => log.status(line);
  const logging = inputs.logging ?? "stdoutAndStderr";
  const ended = await execute({
    argv: [file, ...args, script],
    cwd: inputs.dir ?? undefined,
    env: { ...inputs.environment, ...previousOutputs(run) },
    stdin: inputs.stdin ?? undefined,
    onStdout: logging === "stdout" || logging === "stdoutAndStderr" ? say : undefined,
    onStderr: logging === "stderr" || logging === "stdoutAndStderr" ? say : undefined,
    signal: timeoutSeconds > 0 ? AbortSignal.any([run.signal, AbortSignal.timeout(timeoutSeconds * 1000)]) : run.signal,
  }).catch((error: NodeJS.ErrnoException) => {
    throw notStarted(error, file, inputs.dir ?? undefined);
  });
  if (ended.code !== 0) throw failure(ended, script);
  return { stdout: trimEnd(ended.stdout), stderr: trimEnd(ended.stderr) };
}

/** The variables with the outputs of the previous run, without those that are empty. */
function previousOutputs({ inputs, previous }: ScriptRun): Record<string, string> {
  if (inputs.addPreviousOutputInEnv === false) return {};
  const given = { PULUMI_COMMAND_STDOUT: previous?.stdout, PULUMI_COMMAND_STDERR: previous?.stderr };
  return Object.fromEntries(Object.entries(given).filter(([, text]) => text)) as Record<string, string>;
}

/** The error of a script that failed: it has everything that the script printed, whatever `logging` is. */
function failure({ code, killedBy, said }: Ended, script: string): Error {
  const how = code === undefined ? `was ended by ${killedBy}` : `ended with exit status ${code}`;
  return new Error(`the command ${how}: running ${JSON.stringify(script)}:\n${said}`.trimEnd());
}

function notStarted(error: NodeJS.ErrnoException, file: string, dir: string | undefined): Error {
  if (error.code !== "ENOENT") return error;
  // The error is the same for a missing folder and a missing program.
  return new Error(`the command did not start: there is no program ${file}${dir ? `, or no folder ${dir}` : ""}`);
}

function trimEnd(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
