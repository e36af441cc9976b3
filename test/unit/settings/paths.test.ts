import { expect } from "chai";
import { formatPath, related, within } from "../../../settings/paths";

describe("the path of a setting", () => {
  it("is written as users write it", () => {
    expect(formatPath(["clusters", "west", "addresses", 0])).to.equal("usmesh:clusters.west.addresses[0]");
    expect(formatPath([])).to.equal("usmesh");
  });

  it("is within itself and every record around it", () => {
    expect(within(["clusters", "west"], ["clusters", "west"])).to.equal(true);
    expect(within(["clusters", "west"], ["clusters"])).to.equal(true);
    expect(within(["clusters", "west"], [])).to.equal(true);
    expect(within(["clusters"], ["clusters", "west"])).to.equal(false);
    expect(within(["clusters", "west"], ["clusters", "east"])).to.equal(false);
  });

  it("is related to what is around it and in it, and not to what is beside it", () => {
    expect(related(["clusters"], ["clusters", "west"])).to.equal(true);
    expect(related(["clusters", "west"], ["clusters"])).to.equal(true);
    expect(related(["clusters", "west"], ["clusters", "east"])).to.equal(false);
  });
});
