import * as fs from "node:fs";
import * as path from "node:path";
import * as Mocha from "mocha";
import { repositoryRoot } from "../../lib/paths";
import type { ReportLine } from "./report";

/** Milliseconds that the process has to end by itself after the last test. */
const LINGER_MS = 30_000;

/**
 * Mocha's `spec` on the terminal, and what happened as lines of JSON in the file that the reporter option `output` names. They are
 * written as it happens, so that they tell how far a run came that was ended.
 */
class RecordingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { output, linger } = options.reporterOptions as { readonly output?: string; readonly linger?: string };
    const report = output ? fs.openSync(output, "a") : undefined;
    const write = (line: ReportLine): void => {
      if (report !== undefined) fs.writeSync(report, `${JSON.stringify(line)}\n`);
    };
    // Hooks too: what a file takes is often what its `before` takes.
    const took = (runnable: Mocha.Runnable): void => {
      const { file, duration } = runnable;
      if (file && duration) write({ event: "took", file: path.relative(repositoryRoot, file), title: runnable.fullTitle(), ms: duration });
    };
    runner.on("test", (test) => write({ event: "start", title: test.fullTitle() }));
    runner.on("hook", (hook) => write({ event: "start", title: hook.fullTitle() }));
    runner.on("pass", () => write({ event: "pass" }));
    runner.on("pending", () => write({ event: "skip" }));
    runner.on("fail", (test, error: Error) => write({ event: "fail", title: test.fullTitle(), message: error.message }));
    runner.on("test end", took);
    runner.on("hook end", took);
    runner.once("end", () => {
      write({ event: "end" });
      // Something that a test left open keeps the process: without this it would stay until the part's limit.
      setTimeout(() => {
        const kept = [...new Set(process.getActiveResourcesInfo())].join(", ");
        write({ event: "stuck", resources: kept });
        process.stderr.write(`all tests have ended, and the process has not: something is still open (${kept})\n`);
        process.exit(1);
      }, Number(linger ?? LINGER_MS)).unref();
    });
  }
}

// Mocha takes what the module is, not a named or default export.
module.exports = RecordingReporter;
