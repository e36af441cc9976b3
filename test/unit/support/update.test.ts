import { expect } from "chai";
import { mayUpdate } from "./update";

describe("files that tests compare with", () => {
  it("are written only when asked for, and never in continuous integration", () => {
    expect(mayUpdate("UPDATE_X", {})).to.equal(false);
    expect(mayUpdate("UPDATE_X", { UPDATE_X: "1" })).to.equal(true);
    expect(mayUpdate("UPDATE_X", { CI: "true" })).to.equal(false);
    expect(() => mayUpdate("UPDATE_X", { UPDATE_X: "1", CI: "true" })).to.throw("UPDATE_X is set in continuous integration");
  });
});
