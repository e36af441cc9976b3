import { expect } from "chai";
import type { Part } from "../../../../tools/test/parts";
import { runParts } from "../../../../tools/test/run-parts";

describe("the parts of a run", function () {
  this.timeout(60_000);
  const part = (name: string, script: string, sideBySide = true): Part => ({
    name,
    summary: "",
    standard: false,
    sideBySide,
    needs: "nothing",
    keeps: [],
    limitMinutes: 1,
    runs: { command: ["-e", script] },
  });
  /** Prints two lines, with enough time between them for another part to print. */
  const slow = (name: string): string => `console.log("${name} 1"); setTimeout(() => console.log("${name} 2"), 50)`;

  it("keep the output of each together when they run side by side, and give one summary", async () => {
    const said: string[] = [];
    const written: string[] = [];
    const parts = [part("one", slow("one")), part("two", `${slow("two")}; process.exitCode = 3`), part("three", "", false)];
    const summary = await runParts(parts, { quietStdout: true, env: process.env, say: (line) => said.push(line), write: (text) => written.push(text) });
    expect(written).to.have.members(["one 1\none 2\n", "two 1\ntwo 2\n"]);
    expect(said[0]).to.equal("test one, two side by side, each shown when it has ended");
    expect(said.at(-1)).to.equal("test three");
    expect(said.filter((line) => line.startsWith("test two:"))[0]).to.match(/^test two: FAILED after/);
    expect(summary).to.include({ passed: 2, failed: 1 });
    expect(summary.parts.map((result) => result.part)).to.deep.equal(["one", "two", "three"]);
  });
});
