import { expect } from "chai";
import { resultOfCommand } from "../../../../tools/test/result";

describe("a part of the tests that is one command", () => {
  it("counts as one test", () => {
    expect(resultOfCommand("lint", 0)).to.deep.equal({ passed: 1, skipped: 0, failures: [], files: [], tests: [] });
    expect(resultOfCommand("lint", 2).failures).to.deep.equal([{ title: "lint", message: "exit code 2" }]);
  });

  it("has failed when it was ended for its limit", () => {
    expect(resultOfCommand("lint", 0, 15).failures).to.deep.equal([{ title: "lint", message: "ended after its limit of 15 minutes" }]);
  });
});
