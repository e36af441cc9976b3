import { Command } from "commander";
import { EXIT, MeshError } from "../../lib/errors";
import { PARTS, selectParts } from "../../tools/test/parts";
import { slowestLines, summaryLines } from "../../tools/test/summary";
import { say } from "../lib/say";

interface Options {
  readonly grep?: string;
  readonly json?: boolean;
  readonly times?: boolean;
}

/** `./mesh test`: lint, types and tests, with one summary. */
export function testCommand(): Command {
  const parts = PARTS.map((part) => `  ${part.name.padEnd(12)} ${part.summary}`).join("\n");
  return new Command("test")
    .summary("run lint, types and tests")
    .description(
      "Runs the parts named, or all but soak and cold, in this order; lint, types and unit at the same time. Nothing is taken from\n" +
        `variables that lead to your own meshes, state or clusters.\n\n${parts}`,
    )
    .argument("[part...]", "parts to run")
    .option("--grep <pattern>", "only tests whose full title matches this regular expression")
    .option("--times", "also print the ten test files and the ten tests that took longest")
    .option("--json", "print the summary as JSON, with the time of each test file and of each test of a second or longer, on standard output; everything else on standard error")
    .action(async (names: string[], options: Options) => {
      process.exitCode = await runTests(names, options);
    });
}

async function runTests(names: readonly string[], options: Options): Promise<number> {
  const { parts, unknown } = selectParts(names);
  if (unknown.length > 0) {
    throw new MeshError("wrong-usage", `there is no part "${unknown.join('", "')}"`, `The parts are ${PARTS.map((part) => part.name).join(", ")}.`, EXIT.unusable);
  }
  const { runParts } = await import("../../tools/test/run-parts.js");
  const summary = await runParts(parts, { grep: options.grep, quietStdout: options.json === true, env: process.env, say });
  const text = [...(options.times ? [...slowestLines(summary), ""] : []), ...summaryLines(summary)];
  process.stdout.write(options.json ? `${JSON.stringify(summary, null, 2)}\n` : `\n${text.join("\n")}\n`);
  return summary.failed === 0 ? EXIT.ok : EXIT.failed;
}
