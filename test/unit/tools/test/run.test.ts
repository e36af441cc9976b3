import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Part } from "../../../../tools/test/parts";
import { testPart } from "../../../../tools/test/run";
import type { PartResult } from "../../../../tools/test/summary";

describe("a part of the tests", function () {
  // A mocha of its own each.
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-part-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  /** Runs a part that consists of one file. */
  async function run(test: string, limitMinutes = 1): Promise<PartResult> {
    fs.writeFileSync(path.join(folder, "one.test.ts"), test);
    const part: Part = { name: "one", summary: "", standard: false, needs: "nothing", runs: { folder, timeoutSeconds: 0, limitMinutes } };
    return testPart(part, { quietStdout: true, env: process.env });
  }

  it("passes when its tests do", async () => {
    expect(await run('it("passes", () => undefined);')).to.deep.equal({ passed: 1, skipped: 0, failures: [] });
  });

  it("fails when a test is left with .only, which hides all others", async () => {
    const { failures } = await run('it("hidden", () => { throw new Error("broken"); }); it.only("seen", () => undefined);');
    expect(failures).not.to.deep.equal([]);
  });

  it("ends when its time is over, whatever a test waits for", async () => {
    const { failures } = await run('it("waits", () => new Promise(() => setInterval(() => undefined, 1000)));', 0.1);
    expect(failures.map(({ message }) => message)).to.deep.equal(["the run ended early, exit code 143"]);
  });
});
