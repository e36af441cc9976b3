import { expect } from "chai";
import { unplanned } from "../../../../cli/plan/run";
import { EXIT, MeshError } from "../../../../lib/errors";

describe("a plan that could not begin", () => {
  it("never ends with the exit code for danger", () => {
    expect(unplanned(new MeshError("pulumi-failed", "no backend"))).to.include({ message: "no backend", exitCode: EXIT.unusable });
    expect(unplanned(new TypeError("a bug"))).to.include({ message: "a bug", exitCode: EXIT.unusable });
    expect(unplanned("a text")).to.include({ message: "a text", exitCode: EXIT.unusable });
  });

  it("ends as interrupted when it was", () => {
    const failure = new MeshError("interrupted", "interrupted", undefined, EXIT.interrupted);
    expect(unplanned(failure)).to.equal(failure);
  });
});
