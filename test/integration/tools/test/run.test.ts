import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Part } from "../../../../tools/test/parts";
import { parallelFiles, testFiles, testPart, type PartRun } from "../../../../tools/test/run";
import { until } from "../../../support/wait";
import { folderForEach } from "../../../unit/cli/support/folder";

describe("a part of the tests", function () {
  // Each is a process of mocha.
  this.timeout(60_000);
  const folder = folderForEach();

  /** Runs a part. */
  async function runPart(runs: Part["runs"], limitMinutes = 1, limit?: AbortSignal): Promise<PartRun> {
    const part: Part = { name: "one", summary: "", standard: false, sideBySide: false, needs: "nothing", keeps: [], limitMinutes, runs };
    return testPart(part, { output: "kept", env: process.env, limit });
  }

  /** Runs a part that consists of these files. */
  async function run(tests: readonly string[], { jobs = 1, limit }: { readonly jobs?: number; readonly limit?: AbortSignal } = {}): Promise<PartRun> {
    tests.forEach((test, index) => fs.writeFileSync(path.join(folder(), `${index}.test.ts`), test));
    return runPart({ folder: folder(), timeoutSeconds: 0, jobs }, 1, limit);
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
    const slow = (outcome: string): string => `it("waits", (done) => void setTimeout(() => done(${outcome}), 1100));`;
    const { result } = await run([slow(""), slow('new Error("broken")')], { jobs: 2 });
    expect(result).to.include({ passed: 1, skipped: 0 });
    expect(result.failures).to.deep.equal([{ title: "waits", message: "broken" }]);
    expect(result.files).to.have.length(2);
    expect(result.tests.map(({ title }) => title)).to.deep.equal(["waits", "waits"]);
  });

  it("has failed when it is over its limit, whatever a test waits for", async () => {
    const begun = path.join(folder(), "begun");
    const limit = new AbortController();
    const waits = `require("node:fs").writeFileSync(${JSON.stringify(begun)}, ""); return new Promise(() => setInterval(() => undefined, 1000));`;
    const running = run([`it("waits", () => { ${waits} });`], { limit: limit.signal });
    await until("the test to wait", () => fs.existsSync(begun), { intervalMs: 10 });
    limit.abort();
    expect((await running).result.failures).to.deep.equal([{ title: "one", message: 'ended after its limit of 1 minutes, in "waits"' }]);
  });

  it("has the limit that it says, in minutes", async () => {
    const { result } = await runPart({ command: ["-e", "setInterval(() => undefined, 1000)"] }, 0.001);
    expect(result.failures).to.deep.equal([{ title: "one", message: "ended after its limit of 0.001 minutes" }]);
  });

  it("starts with the files that take longest, and forgets none", () => {
    for (const file of ["a.test.ts", "z.test.ts", "long/b.test.ts", "long/c/d.test.ts", "long/support.ts"]) {
      fs.mkdirSync(path.dirname(path.join(folder(), file)), { recursive: true });
      fs.writeFileSync(path.join(folder(), file), "");
    }
    const files = (...first: string[]): string[] => testFiles(folder(), first).map((file) => path.relative(folder(), file));
    expect(files("z", "long/c/d")).to.deep.equal(["z.test.ts", "long/c/d.test.ts", "a.test.ts", "long/b.test.ts"]);
    expect(files()).to.deep.equal(["a.test.ts", "long/b.test.ts", "long/c/d.test.ts", "z.test.ts"]);
    expect(() => files("long/support")).to.throw("there is no test file long/support.test.ts to start first");
  });

  it("fails when it has no test", async () => {
    expect((await run([])).result.failures).to.deep.equal([{ title: "one", message: "no test was found" }]);
  });

  it("runs so many files at the same time as it may and the machine can", () => {
    const GiB = 2 ** 30;
    expect(parallelFiles(2, 8, 16 * GiB)).to.equal(2);
    expect(parallelFiles(2, 1, 16 * GiB)).to.equal(1);
    expect(parallelFiles(2, 8, 3 * GiB)).to.equal(1);
    expect(parallelFiles(1, 8, 0)).to.equal(1);
    expect(parallelFiles(4, 2 * 1.5, 16 * GiB)).to.equal(3);
    expect(parallelFiles(4, 1 * 1.5, 16 * GiB)).to.equal(1);
  });
});
