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

  constructor(options) {
    this.settings = options.mocha;
  }

  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    require("../test/typescript.cjs");
    require("../test/light-pulumi.cjs");
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

  async mutantRun({ activeMutant, testFilter, disableBail, hitLimit, mutantActivation }) {
    const { toMutantRunResult } = await import("@stryker-mutator/api/test-runner");
    context.hitLimit = hitLimit;
    context.hitCount = hitLimit ? 0 : undefined;
    this.mocha.grep(testFilter ? new RegExp(testFilter.map((title) => `(^${escape(title)}$)`).join("|")) : /.*/);
    return toMutantRunResult(await this.run(disableBail, activeMutant.id, mutantActivation === "static"));
  }

  async run(disableBail, mutant, atLoad = false) {
    const { determineHitLimitReached } = await import("@stryker-mutator/api/test-runner");
    try {
      if (!this.loaded) {
        context.activeMutant = atLoad ? mutant : undefined;
        this.mocha.loadFiles();
        this.loaded = true;
      }
      context.activeMutant = mutant;
      setBail(this.mocha.suite, !disableBail);
      await new Promise((resolve) => this.mocha.run(resolve));
      return determineHitLimitReached(context.hitCount, context.hitLimit) ?? { status: "complete", tests: Outcomes.tests };
    } catch (error) {
      return { status: "error", errorMessage: error.stack ?? String(error) };
    }
  }

  async dispose() {
    try {
      this.mocha?.dispose();
    } catch {
      // It still runs: the process ends anyway.
    }
  }
}

/** The test files below a folder, without those below others or of a name. */
function testFiles({ folder, without }) {
  const all = fs.readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".test.ts"));
  return all.filter((file) => !without.some((start) => file.startsWith(start))).map((file) => path.join(folder, file)).sort();
}

function setBail(suite, bail) {
  suite.bail(bail);
  for (const child of suite.suites) setBail(child, bail);
}

function escape(title) {
  return title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

exports.strykerPlugins = [{ kind: "TestRunner", name: "mocha-here", injectableClass: MochaRunner }];
