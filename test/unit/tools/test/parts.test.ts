import { expect } from "chai";
import { PARTS, selectParts } from "../../../../tools/test/parts";

describe("the parts of the tests", () => {
  const names = (...wanted: string[]): string[] => selectParts(wanted).parts.map(({ name }) => name);

  it("are all run without a name, quick ones first, but those that take hours", () => {
    expect(names()).to.deep.equal(["lint", "types", "unit", "fresh", "integration", "e2e"]);
    expect(PARTS.filter(({ standard }) => !standard).map(({ name }) => name)).to.deep.equal(["soak", "cold"]);
  });

  it("are run by name in their own order, whatever order they are named in", () => {
    expect(names("cold", "unit", "lint")).to.deep.equal(["lint", "unit", "cold"]);
    expect(selectParts(["lint", "nonsense"]).unknown).to.deep.equal(["nonsense"]);
  });
});
