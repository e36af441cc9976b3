import * as fs from "node:fs";
import * as Mocha from "mocha";
import type { PartResult, TestFailure } from "./summary";

/** Mocha's `spec` on the terminal, and the counts as JSON in the file that the reporter option `output` names. */
class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { output } = options.reporterOptions as { readonly output?: string };
    let passed = 0;
    let skipped = 0;
    const failures: TestFailure[] = [];
    runner.on("pass", () => passed++);
    runner.on("pending", () => skipped++);
    runner.on("fail", (test: Mocha.Test, error: Error) => failures.push({ title: test.fullTitle(), message: error.message }));
    runner.once("end", () => {
      const result: PartResult = { passed, skipped, failures };
      if (output) fs.writeFileSync(output, JSON.stringify(result));
    });
  }
}

// Mocha takes what the module is, not a named or default export.
module.exports = CountingReporter;
