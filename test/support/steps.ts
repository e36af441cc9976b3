import type { Suite } from "mocha";

/**
 * Makes the tests of a suite steps: each starts from what the one before left, so once one has failed, those after it are skipped.
 *
 * Mocha's own `bail` is not that: it leaves a suite out, without a word, as soon as a test of any other suite has failed.
 */
export function inSteps(suite: Suite): void {
  let failed = false;
  suite.beforeEach("each step stands on the one before", function () {
    if (failed) this.skip();
  });
  suite.afterEach("a step that failed is the last one", function () {
    failed ||= this.currentTest?.state === "failed";
  });
}
