import { expect } from "chai";
import { resultOfCommand, resultOfMocha, summarize, summaryLines } from "../../../../tools/test/summary";

describe("the summary of the tests", () => {
  const green = JSON.stringify({ passed: 3, skipped: 0, failures: [] });
  const red = JSON.stringify({ passed: 2, skipped: 1, failures: [{ title: "suite does it", message: "no" }] });

  it("counts a command as one test", () => {
    expect(resultOfCommand("lint", 0)).to.deep.equal({ passed: 1, skipped: 0, failures: [] });
    expect(resultOfCommand("lint", 2).failures).to.have.length(1);
  });

  it("takes mocha's counts", () => {
    expect(resultOfMocha("unit", green, 0)).to.deep.equal({ passed: 3, skipped: 0, failures: [] });
    expect(resultOfMocha("unit", red, 1).failures.map((failure) => failure.title)).to.deep.equal(["suite does it"]);
  });

  it("never passes a run that crashed, found nothing, or failed without a failing test", () => {
    expect(resultOfMocha("unit", undefined, 134).failures[0]?.message).to.contain("134");
    expect(resultOfMocha("unit", "{ half", 1).failures).to.have.length(1);
    expect(resultOfMocha("unit", JSON.stringify({ passed: 0, skipped: 0, failures: [] }), 0).failures).to.have.length(1);
    expect(resultOfMocha("unit", green, 7).failures[0]?.message).to.contain("7");
  });

  it("ends with one line that adds everything up", () => {
    const lines = summaryLines(
      summarize([
        { part: "lint", seconds: 1.25, passed: 1, skipped: 0, failures: [] },
        { part: "unit", seconds: 2, passed: 2, skipped: 3, failures: [{ title: "suite does it", message: "expected 1\n\nto equal 2" }] },
      ]),
    );
    expect(lines.at(-1)).to.equal("3 passed, 1 failed");
    expect(lines.slice(0, 3).map((line) => line.trim())).to.deep.equal(["✗ unit: suite does it", "expected 1", "to equal 2"]);
    expect(lines.at(-2)).to.contain("2 passed, 1 failed, 3 skipped");
    expect(lines).to.have.length(7);
  });
});
