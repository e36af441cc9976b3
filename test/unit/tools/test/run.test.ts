import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Part } from "../../../../tools/test/parts";
import { parallelFiles, testPart, type PartRun } from "../../../../tools/test/run";
import { folderForEach } from "../../cli/support/folder";

describe("a part of the tests", function () {
  // Each is a process of mocha.
  this.timeout(60_000);
  const folder = folderForEach();

  /** Runs a part that consists of these files. */
  async function run(tests: readonly string[], { limitMinutes = 1, jobs = 1 } = {}): Promise<PartRun> {
    tests.forEach((test, index) => fs.writeFileSync(path.join(folder(), `${index}.test.ts`), test));
    const runs = { folder: folder(), timeoutSeconds: 0, jobs };
    const part: Part = { name: "one", summary: "", standard: false, sideBySide: false, needs: "nothing", keeps: [], limitMinutes, runs };
    return testPart(part, { output: "kept", env: process.env });
  }

  it("passes when its tests do, and keeps what they print", async () => {
    const { result, output } = await run(['it("passes", () => void process.stdout.write("printed"));']);
    expect(result).to.deep.include({ passed: 1, skipped: 0, failures: [] });
    expect(output).to.contain("printed");
  });

  it("fails when a test is left with .only, which hides all others", async () => {
    const { result } = await run(['it("hidden", () => { throw new Error("broken"); }); it.only("seen", () => undefined);']);
    expect(result.failures).not.to.deep.equal([]);
  });

  it("counts the tests of files that run at the same time, and times each file", async () => {
    const slow = (outcome: string): string => `it("waits", (done) => void setTimeout(() => done(${outcome}), 20));`;
    const { result } = await run([slow(""), slow('new Error("broken")')], { jobs: 2 });
    expect(result).to.include({ passed: 1, skipped: 0 });
    expect(result.failures).to.deep.equal([{ title: "waits", message: "broken" }]);
    expect(result.files).to.have.length(2);
  });

  it("has failed when it is over its limit, whatever a test waits for", async () => {
    const { result } = await run(['it("waits", () => new Promise(() => setInterval(() => undefined, 1000)));'], { limitMinutes: 0.05 });
    expect(result.failures).to.have.length(1);
    expect(result.failures[0]?.message).to.match(/^ended after its limit of 0.05 minutes/);
  });

  it("runs so many files at the same time as it may and the machine can", () => {
    const GiB = 2 ** 30;
    expect(parallelFiles(2, 8, 16 * GiB)).to.equal(2);
    expect(parallelFiles(2, 1, 16 * GiB)).to.equal(1);
    expect(parallelFiles(2, 8, 3 * GiB)).to.equal(1);
    expect(parallelFiles(1, 8, 0)).to.equal(1);
  });
});
