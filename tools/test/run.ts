import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { describeFailure } from "../../lib/errors";
import { repositoryRoot } from "../../lib/paths";
import { stream } from "../../lib/process";
import type { Part } from "./parts";
import { prepare } from "./prepare";
import { failedAsAWhole, resultOfCommand, resultOfMocha, type PartResult } from "./summary";

/** How parts are run. */
export interface TestOptions {
  /** Only tests whose full title matches this regular expression. */
  readonly grep?: string;
  /** Whether standard output is for data, so that what the tests print goes to standard error. */
  readonly quietStdout: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs one part to its end, streaming what it prints. A part whose needs cannot be met counts as one failure. */
export async function testPart(part: Part, options: TestOptions): Promise<PartResult> {
  try {
    await prepare(part.needs, options.env);
    return await runPart(part, options);
  } catch (error) {
    const { text } = describeFailure(error, Boolean(options.env.MESH_DEBUG));
    process.stderr.write(`${text}\n`);
    return failedAsAWhole(part.name, (error as Error).message);
  }
}

async function runPart(part: Part, options: TestOptions): Promise<PartResult> {
  const settings = { cwd: repositoryRoot, env: options.env, stdout: options.quietStdout ? ("stderr" as const) : ("inherit" as const) };
  if ("command" in part.runs) {
    return resultOfCommand(part.name, await stream(process.execPath, part.runs.command, settings));
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-test-"));
  const report = path.join(folder, "report.json");
  try {
    const { folder: tests, timeoutSeconds, limitMinutes } = part.runs;
    const limited = { ...settings, timeout: limitMinutes * 60_000 };
    const code = await stream(process.execPath, mochaArguments(tests, timeoutSeconds, report, options.grep), limited);
    return resultOfMocha(part.name, fs.existsSync(report) ? fs.readFileSync(report, "utf8") : undefined, code);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Arguments of mocha. A test left with `.only` fails the run: it would hide all others. */
export function mochaArguments(folder: string, timeoutSeconds: number, report: string, grep: string | undefined): string[] {
  return [
    "--disable-warning=ExperimentalWarning",
    path.join(repositoryRoot, "node_modules", "mocha", "bin", "mocha.js"),
    "--reporter",
    path.join(repositoryRoot, "tools", "test", "reporter.ts"),
    "--reporter-option",
    `output=${report}`,
    "--forbid-only",
    "--timeout",
    String(timeoutSeconds * 1000),
    ...(grep === undefined ? [] : ["--grep", grep]),
    `${folder}/**/*.test.ts`,
  ];
}
