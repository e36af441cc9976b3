import { expect } from "chai";
import { slowestLines, summarize, summaryLines, type TimedResult } from "../../../../tools/test/summary";

const part = (over: Partial<TimedResult>): TimedResult => ({ part: "unit", seconds: 1, passed: 1, skipped: 0, failures: [], files: [], tests: [], ...over });

describe("the summary of the tests", () => {
  it("ends with one line that adds everything up", () => {
    const failures = [{ title: "suite does it", message: "expected 1\n\nto equal 2" }];
    const lines = summaryLines(summarize([part({ part: "lint" }), part({ passed: 2, skipped: 3, failures })], 2));
    expect(lines.at(-1)).to.equal("3 passed, 1 failed");
    expect(lines.slice(0, 3).map((line) => line.trim())).to.deep.equal(["✗ unit: suite does it", "expected 1", "to equal 2"]);
    expect(lines.at(-2)).to.contain("2 passed, 1 failed, 3 skipped");
    expect(lines).to.have.length(7);
  });

  it("says how long all parts took together, not one after another", () => {
    expect(summarize([part({ seconds: 2 }), part({ seconds: 3 })], 3.5).seconds).to.equal(3.5);
  });

  it("knows the ten slowest files of all parts", () => {
    const files = Array.from({ length: 8 }, (_, index) => ({ file: `${index}.test.ts`, seconds: index }));
    const lines = slowestLines(summarize([part({ files }), part({ part: "e2e", files: [...files, { file: "slow.test.ts", seconds: 100 }] })], 1));
    expect(lines).to.have.length(11);
    expect(lines.slice(0, 2).map((line) => line.trim())).to.deep.equal(["the slowest files:", "100.0 s  slow.test.ts"]);
  });

  it("knows the ten slowest tests of all parts, after the files", () => {
    const tests = Array.from({ length: 8 }, (_, index) => ({ title: `suite does ${index}`, seconds: index + 1 }));
    const files = [{ file: "a.test.ts", seconds: 2 }];
    const lines = slowestLines(summarize([part({ files, tests }), part({ part: "e2e", tests: [...tests, { title: "suite waits", seconds: 100 }] })], 1));
    expect(lines.slice(0, 5).map((line) => line.trim())).to.deep.equal(["the slowest files:", "2.0 s  a.test.ts", "the slowest tests:", "100.0 s  suite waits", "8.0 s  suite does 7"]);
    expect(lines).to.have.length(2 + 1 + 10);
  });

  it("says nothing of times where nothing was timed", () => {
    expect(slowestLines(summarize([part({})], 1))).to.deep.equal([]);
  });
});
