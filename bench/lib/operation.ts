import * as path from "node:path";
import { done, readEvents } from "../../test/integration/support/events";
import { EventLog, type StampedEvent } from "./event-log";
import { execute, succeeded, type Executed } from "./execute";

/** Which operation, and on what. */
export interface OperationArgs {
  readonly operation: "up" | "preview";
  /** The options that name project and stack. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where its event log is kept. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Is told the engine's process id once it runs. */
  readonly started?: (pid: number) => void;
}

/** How an operation of plain Pulumi went. */
export interface Operation extends Executed {
  /** The engine's events, with their times. */
  readonly events: readonly StampedEvent[];
  /** What was changed, as `op name`: without components, providers and what stayed the same. */
  readonly changes: readonly string[];
}

let operations = 0;

/**
 * Runs plain Pulumi, which has to succeed.
 *
 * @returns what it printed and how long it took, from the start of the process to its end
 */
export async function operate({ operation, args, cwd, env, folder, signal, started }: OperationArgs): Promise<Operation> {
  const log = path.join(folder, `events-${(operations += 1)}.jsonl`);
  const proceed = operation === "preview" ? [] : ["--yes", "--skip-preview"];
  const all = [operation, ...proceed, ...args, "--non-interactive", "--color", "never", "--suppress-outputs", "--event-log", log];
  const reader = new EventLog(log);
  let ended: Executed;
  let events: readonly StampedEvent[];
  try {
    // The engine hides the option for the log unless it is told to debug.
    ended = await execute("pulumi", all, { cwd, env: { ...env, PULUMI_DEBUG_COMMANDS: "1" }, signal, started });
  } finally {
    events = reader.stop();
  }
  succeeded(`pulumi ${operation}`, ended, signal);
  // The engine skips what is only looked at, and an empty program has nothing to compare.
  const read = await readEvents(log);
  const changes = read.steps.length === 0 || read.steps.every(({ type }) => type.startsWith("pulumi:")) ? [] : done({ exitCode: ended.code, output: "", ...read });
  return { ...ended, events, changes };
}

/** Makes sure that an operation changed nothing. */
export function unchanged(what: string, { changes }: Pick<Operation, "changes">): void {
  if (changes.length > 0) throw new Error(`${what} changed something: ${changes.join(", ")}`);
}
