import { Command } from "commander";
import { EXIT, MeshError } from "../../lib/errors";
import { say } from "../lib/say";
import { testEnvironment } from "../../tools/test/environment";
import { PARTS, selectParts } from "../../tools/test/parts";
import { summarize, summaryLines, type TimedResult } from "../../tools/test/summary";

interface Options {
  readonly grep?: string;
  readonly json?: boolean;
}

/** `./mesh test`: lint, types and tests, with one summary. */
export function testCommand(): Command {
  const parts = PARTS.map((part) => `  ${part.name.padEnd(12)} ${part.summary}`).join("\n");
  return new Command("test")
    .summary("run lint, types and tests")
    .description(
      "Runs the parts named, or all but soak and cold, in this order. Nothing is taken from variables that lead to your own meshes, state\n" +
        `or clusters.\n\n${parts}`,
    )
    .argument("[part...]", "parts to run")
    .option("--grep <pattern>", "only tests whose full title matches this regular expression")
    .option("--json", "print the summary as JSON on standard output, everything else on standard error")
    .action(async (names: string[], options: Options) => {
      process.exitCode = await runTests(names, options);
    });
}

async function runTests(names: readonly string[], options: Options): Promise<number> {
  const { parts, unknown } = selectParts(names);
  if (unknown.length > 0) {
    throw new MeshError(`there is no part "${unknown.join('", "')}"`, `The parts are ${PARTS.map((part) => part.name).join(", ")}.`, EXIT.unusable);
  }
  const [{ airgapPaths }, { testPart }] = await Promise.all([import("../../airgap/index.js"), import("../../tools/test/run.js")]);
  const env = testEnvironment(process.env, airgapPaths());
  const results: TimedResult[] = [];
  for (const part of parts) {
    say(`test ${part.name}`);
    const started = performance.now();
    const result = await testPart(part, { grep: options.grep, quietStdout: options.json === true, env });
    results.push({ ...result, part: part.name, seconds: (performance.now() - started) / 1000 });
  }
  const summary = summarize(results);
  process.stdout.write(options.json ? `${JSON.stringify(summary, null, 2)}\n` : `\n${summaryLines(summary).join("\n")}\n`);
  return summary.failed === 0 ? EXIT.ok : EXIT.failed;
}
