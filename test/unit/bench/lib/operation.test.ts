import { expect } from "chai";
import { unchanged } from "../../../../bench/lib/operation";

describe("an operation that is to change nothing", () => {
  it("is an error when it changed something", () => {
    expect(() => unchanged("up", { changes: ["update west-labels"] })).to.throw("up changed something: update west-labels");
    expect(() => unchanged("up", { changes: [] })).not.to.throw();
  });
});
