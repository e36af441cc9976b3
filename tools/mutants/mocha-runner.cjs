/**
 * Runs the unit tests for Stryker, over and over in one process: Stryker's own runner for mocha does not know mocha 12 on Node.js 20,
 * and its runner for commands would start mocha again for each of thousands of changes.
 */
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { default: Mocha } = require("mocha");

/** Where the instrumented sources look for the change that is active, and count what they have run. */
const context = (globalThis.__stryker__ ??= {});

/** The outcome of each test of a run, as Stryker wants it. */
class Outcomes {
  static tests = [];

  constructor(runner) {
    const tests = (Outcomes.tests = []);
    let started = Date.now();
    const note = (test, status, more) => {
      const name = test.fullTitle();
      tests.push({ id: name, name, status, timeSpentMs: Date.now() - started, ...more });
      started = Date.now();
    };
    runner.on("pass", (test) => note(test, 0, { fileName: test.file }));
    // A hook that failed counts for the test that it was to be run for.
    runner.on("fail", (test, error) => note(test.ctx?.currentTest ?? test, 1, { failureMessage: error.message || error.stack || "failed" }));
  }
}

class MochaRunner {
  static inject = ["options"];

  constructor({ mocha, ignoreStatic }) {
    this.settings = mocha;
    this.ignoreStatic = ignoreStatic;
  }

  /**
   * Whether it can run any change in the process that it is in. Stryker asks that also of a change in what runs both when its module is
   * loaded and in tests, of which it then counts only what the tests see: sources are loaded without it, as always.
   */
  capabilities() {
    return { reloadEnvironment: this.ignoreStatic };
  }

  async init() {
    require("../../lib/typescript.cjs");
    require("../test/light-pulumi.cjs");
    rememberNothing();
    this.mocha = new Mocha({ reporter: Outcomes, timeout: 0 });
    this.mocha.cleanReferencesAfterRun(false);
    for (const file of testFiles(this.settings)) this.mocha.addFile(path.resolve(file));
    this.mocha.suite.beforeEach("tells which test runs", function () {
      if (context.perTest) context.currentTestId = this.currentTest.fullTitle();
    });
  }

  async dryRun({ coverageAnalysis, disableBail }) {
    context.perTest = coverageAnalysis === "perTest";
    const result = await this.run(disableBail);
    context.perTest = false;
    context.currentTestId = undefined;
    return coverageAnalysis === "off" ? result : { ...result, mutantCoverage: context.mutantCoverage };
  }

  async mutantRun({ activeMutant, sandboxFileName, testFilter, disableBail, hitLimit, mutantActivation }) {
    const { toMutantRunResult } = await import("@stryker-mutator/api/test-runner");
    context.hitLimit = hitLimit;
    context.hitCount = hitLimit ? 0 : undefined;
    this.mocha.grep(testFilter ? new RegExp(testFilter.map((title) => `(^${escape(title)}$)`).join("|")) : /.*/);
    return toMutantRunResult(await this.run(disableBail, { ...activeMutant, source: sandboxFileName, atLoad: mutantActivation === "static" }));
  }

  async run(disableBail, mutant) {
    const { determineHitLimitReached } = await import("@stryker-mutator/api/test-runner");
    try {
      context.activeMutant = mutant?.atLoad ? mutant.id : undefined;
      if (!this.suites) this.mocha.loadFiles();
      this.suites ??= [...this.mocha.suite.suites];
      context.activeMutant = mutant?.id;
      if (mutant) this.mocha.suite.suites = this.suitesFor(mutant.source);
      setBail(this.mocha.suite, !disableBail);
      await new Promise((resolve) => this.mocha.run(resolve));
      return determineHitLimitReached(context.hitCount, context.hitLimit) ?? { status: "complete", tests: Outcomes.tests };
    } catch (error) {
      return { status: "error", errorMessage: error.stack ?? String(error) };
    }
  }

  /**
   * The tests in their order for a change of a source. Those in its own test file go first: they are the first to notice it, and the run
   * ends there. With `ownAlone` no others run but those of the folder as a whole, unless it has none.
   */
  suitesFor(source) {
    const own = path.resolve("test/unit", path.relative(process.cwd(), source)).replace(/\.ts$/, ".test.ts");
    const distance = ({ file }) => path.relative(own, file).split(path.sep).length;
    const sorted = [...this.suites].sort((one, other) => distance(one) - distance(other));
    const ofOwn = sorted.filter(({ file }) => file === own || file === path.join(path.dirname(own), "index.test.ts"));
    return this.settings.ownAlone && ofOwn.some(({ file }) => file === own) ? ofOwn : sorted;
  }

  async dispose() {
    try {
      this.mocha?.dispose();
    } catch {
      // It still runs: the process ends anyway.
    }
  }
}

/** What the sources gave with one change must not be taken for what they give with another. */
function rememberNothing() {
  const file = path.resolve("lib/remembered.ts");
  require(file);
  require.cache[file].exports = { remembered: (_most, give) => give };
}

/** The test files below a folder: those whose paths begin as one of `only`, all if it is empty, and not as one of `without`. */
function testFiles({ folder, only, without }) {
  const all = fs.readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".test.ts"));
  const begins = (file, starts) => starts.some((start) => file.startsWith(start));
  return all.filter((file) => (only.length === 0 || begins(file, only)) && !begins(file, without)).map((file) => path.join(folder, file)).sort();
}

function setBail(suite, bail) {
  suite.bail(bail);
  for (const child of suite.suites) setBail(child, bail);
}

function escape(title) {
  return title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

exports.strykerPlugins = [{ kind: "TestRunner", name: "mocha-here", injectableClass: MochaRunner }];
