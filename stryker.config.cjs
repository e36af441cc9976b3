/**
 * Mutation tests, run by hand: `npm run mutants`, or for some files alone `npm run mutants -- --mutate topology/pairs.ts`. Each
 * change to the sources that no unit test notices is listed as survived. All sources take hours.
 *
 * Constants that are evaluated when a module is loaded cost a process of their own for each change: with MUTANTS_STATIC=1 they are
 * changed, too.
 *
 * What makes it faster. With the first two, the score can only be lower:
 *
 * - MUTANTS_TESTS=topology/,settings/ runs only tests whose paths below test/unit begin so.
 * - MUTANTS_OWN=1 runs for a change in a source its own test file alone, and that of the folder, index.test.ts; all where it has none.
 * - MUTANTS_TEXTS=0 changes no texts. Most are messages, whose wording no test has to hold.
 */
"use strict";
const os = require("node:os");
const path = require("node:path");

const reports = "node_modules/.cache/usmesh/mutants";

module.exports = {
  mutate: ["settings", "topology", "trust", "outputs", "components", "cli/verify/checks", "cli/plan"].map((folder) => `${folder}/**/*.ts`),
  plugins: ["./tools/mutants/mocha-runner.cjs"],
  testRunner: "mocha-here",
  testRunnerNodeArgs: ["--disable-warning=ExperimentalWarning"],
  mutator: { excludedMutations: process.env["MUTANTS_TEXTS"] === "0" ? ["StringLiteral"] : [] },
  mocha: {
    folder: "test/unit",
    ownAlone: process.env["MUTANTS_OWN"] === "1",
    only: (process.env["MUTANTS_TESTS"] ?? "").split(",").filter((start) => start !== ""),
    // They test other things or what is turned off here, read the sources as text, or start processes, in which no change is active.
    without: ["airgap/", "tools/", "soak/", "support/", "integration/", "docs/", "workflows/", "cli/script", "components/scripts", "lib/remembered"],
  },
  coverageAnalysis: "perTest",
  ignoreStatic: process.env["MUTANTS_STATIC"] !== "1",
  timeoutMS: 20_000,
  dryRunTimeoutMinutes: 15,
  concurrency: Math.max(1, os.availableParallelism() - 1),
  // The copies of the repository: outside, so that neither ESLint nor the compiler finds them.
  incrementalFile: `${reports}/incremental.json`,
  tempDirName: path.join(os.tmpdir(), "usmesh-mutants"),
  cleanTempDir: "always",
  allowEmpty: false,
  reporters: ["clear-text", "progress-append-only", "html", "json"],
  htmlReporter: { fileName: `${reports}/report.html` },
  jsonReporter: { fileName: `${reports}/report.json` },
  thresholds: { high: 95, low: 85, break: 85 },
  warnings: { unknownOptions: false },
};
