import { airgapPaths } from "../../airgap";
import { testEnvironment } from "./environment";
import { groupParts, type Part } from "./parts";
import { testPart } from "./run";
import { summarize, type Summary, type TimedResult } from "./summary";

/** How parts are run. */
export interface RunOptions {
  /** Only tests whose full title matches this regular expression. */
  readonly grep?: string;
  /** Whether standard output is for data, so that what the tests print goes to standard error. */
  readonly quietStdout: boolean;
  /** The caller's environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Takes what is to be said about the progress, a line each. */
  readonly say: (line: string) => void;
  /** Takes what a part has printed that ran side by side with others; standard output or standard error unless given. */
  readonly write?: (text: string) => void;
}

/** Runs parts in their order, those that may run side by side at the same time; each in an environment of its own. */
export async function runParts(parts: readonly Part[], options: RunOptions): Promise<Summary> {
  const started = performance.now();
  const results: TimedResult[] = [];
  for (const group of groupParts(parts)) {
    const alone = group.length === 1;
    options.say(`test ${group.map(({ name }) => name).join(", ")}${alone ? "" : " side by side, each shown when it has ended"}`);
    results.push(...(await Promise.all(group.map((part) => runOne(part, alone, options)))));
  }
  return summarize(results, secondsSince(started));
}

async function runOne(part: Part, alone: boolean, { grep, quietStdout, env: caller, say, write }: RunOptions): Promise<TimedResult> {
  const started = performance.now();
  const terminal = quietStdout ? "stderr" : "terminal";
  const env = testEnvironment(caller, airgapPaths(), part);
  const { result, output } = await testPart(part, { grep, output: alone ? terminal : "kept", env, debug: Boolean(caller["MESH_DEBUG"]) });
  const seconds = secondsSince(started);
  if (!alone) {
    say(`test ${part.name}: ${result.failures.length === 0 ? "passed" : "FAILED"} after ${seconds.toFixed(1)} s`);
    if (write) write(output);
    else (quietStdout ? process.stderr : process.stdout).write(output);
  }
  return { ...result, part: part.name, seconds };
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
