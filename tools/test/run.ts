import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { describeFailure } from "../../lib/errors";
import { repositoryRoot } from "../../lib/paths";
import { runChild, type ChildOptions } from "./child";
import type { Part } from "./parts";
import { prepare } from "./prepare";
import { resultOfMocha } from "./report";
import { failedAsAWhole, resultOfCommand, type PartResult } from "./result";

/** How a part is run. */
export interface TestOptions {
  /** Only tests whose full title matches this regular expression. */
  readonly grep?: string;
  /** Where the output goes as it comes; `kept`: it is printed as a whole on standard error or output when the part has ended. */
  readonly output: ChildOptions["output"];
  /** The part's environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Whether failures of the runner itself show their stack trace. */
  readonly debug?: boolean;
  /** What ends the part when it is aborted. Default: the part's limit. */
  readonly limit?: AbortSignal;
}

/** How a part ended, and what it printed where that was kept. */
export interface PartRun {
  readonly result: PartResult;
  readonly output: string;
}

/** Runs one part to its end. A part whose needs cannot be met counts as one failure. */
export async function testPart(part: Part, options: TestOptions): Promise<PartRun> {
  try {
    await prepare(part.needs, options.env);
    return await runPart(part, options);
  } catch (error) {
    const { text } = describeFailure(error, options.debug ?? false);
    process.stderr.write(`${text}\n`);
    return { result: failedAsAWhole(part.name, (error as Error).message), output: "" };
  }
}

async function runPart({ name, runs, limitMinutes }: Part, { grep, output: where, env, limit = AbortSignal.timeout(limitMinutes * 60_000) }: TestOptions): Promise<PartRun> {
  const options = { env: where === "kept" ? withColour(env) : env, output: where, limit };
  if ("command" in runs) {
    const { code, overLimit, output } = await runChild(runs.command, options);
    return { result: resultOfCommand(name, code, overLimit ? limitMinutes : undefined), output };
  }
  const files = testFiles(runs.folder, runs.first);
  if (files.length === 0) return { result: failedAsAWhole(name, "no test was found"), output: "" };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-test-"));
  const report = path.join(folder, "report.jsonl");
  try {
    fs.writeFileSync(report, "");
    const jobs = parallelFiles(runs.jobs, os.availableParallelism() * (runs.filesPerCore ?? 1), process.availableMemory());
    const { code, overLimit, output } = await runChild(mochaArguments({ ...runs, files, report, grep, jobs }), options);
    const end = { code, ...(overLimit ? { overLimitMinutes: limitMinutes } : {}) };
    return { result: resultOfMocha(name, fs.readFileSync(report, "utf8"), end), output };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** A pipe takes the colours away that a terminal would have got. */
function withColour(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return process.stdout.isTTY && env["NO_COLOR"] === undefined ? { FORCE_COLOR: "1", ...env } : env;
}

/** Bytes that each file run at the same time may need: two API servers and an engine with its plugins. */
const MEMORY_OF_FILE = 2 * 2 ** 30;

/**
 * How many test files run at the same time: so many as are allowed, and as the machine has cores and memory for.
 *
 * @param onCores for how many its cores are enough.
 */
export function parallelFiles(allowed: number, onCores: number, availableBytes: number): number {
  return Math.max(1, Math.min(allowed, Math.floor(onCores), Math.floor(availableBytes / MEMORY_OF_FILE)));
}

/** The test files in a folder: those of `first`, as in {@link Part.runs}, and the others by name. @throws Error when one of `first` is not there. */
export function testFiles(folder: string, first: readonly string[] = []): string[] {
  const files = (fs.readdirSync(path.resolve(repositoryRoot, folder), { recursive: true }) as string[]).filter((file) => file.endsWith(".test.ts")).sort();
  const early = first.map((name) => path.normalize(`${name}.test.ts`));
  const missing = early.find((file) => !files.includes(file));
  if (missing !== undefined) throw new Error(`there is no test file ${missing} to start first`);
  return [...early, ...files.filter((file) => !early.includes(file))].map((file) => path.join(folder, file));
}

/** What mocha is to run. */
export interface MochaRun {
  /** The test files, in the order in which they are started. */
  readonly files: readonly string[];
  readonly timeoutSeconds: number;
  /** File for the reporter. */
  readonly report: string;
  readonly grep?: string;
  readonly jobs: number;
}

/** Arguments of mocha. A test left with `.only` fails the run: it would hide all others. */
export function mochaArguments({ files, timeoutSeconds, report, grep, jobs }: MochaRun): string[] {
  return [
    "--disable-warning=ExperimentalWarning",
    // A program's run leaves much behind at once, which takes a tenth of the time to clear away in the default 16 MiB that begin with 1.
    "--min-semi-space-size=64",
    "--max-semi-space-size=64",
    // Each core runs a file of its own: threads that help to clear away only take time from the other.
    "--single-threaded-gc",
    path.join(repositoryRoot, "node_modules", "mocha", "bin", "mocha.js"),
    "--reporter",
    path.join(repositoryRoot, "tools", "test", "reporter.ts"),
    "--reporter-option",
    `output=${report}`,
    "--forbid-only",
    "--timeout",
    String(timeoutSeconds * 1000),
    ...(jobs > 1 ? ["--parallel", "--jobs", String(jobs)] : []),
    ...(grep === undefined ? [] : ["--grep", grep]),
    ...files,
  ];
}
