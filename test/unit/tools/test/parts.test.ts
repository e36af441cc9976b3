import { expect } from "chai";
import { groupParts, PARTS, selectParts } from "../../../../tools/test/parts";
import { testFiles } from "../../../../tools/test/run";

describe("the parts of the tests", () => {
  const names = (...wanted: string[]): string[] => selectParts(wanted).parts.map(({ name }) => name);

  it("are all run without a name, quick ones first, except those that take hours", () => {
    expect(names()).to.deep.equal(["lint", "types", "unit", "fresh", "integration", "e2e"]);
    expect(PARTS.filter(({ standard }) => !standard).map(({ name }) => name)).to.deep.equal(["soak", "cold"]);
  });

  it("are run by name in their own order, whatever order they are named in", () => {
    expect(names("cold", "unit", "lint")).to.deep.equal(["lint", "unit", "cold"]);
    expect(selectParts(["lint", "nonsense"]).unknown).to.deep.equal(["nonsense"]);
  });

  it("name no file to start first that there is not", () => {
    for (const { runs } of PARTS) if ("folder" in runs) expect(testFiles(runs.folder, runs.first), runs.folder).not.to.deep.equal([]);
  });

  it("run side by side when they need no machine of their own", () => {
    const groups = (...wanted: string[]): string[][] => groupParts(selectParts(wanted).parts).map((group) => group.map(({ name }) => name));
    expect(groups()).to.deep.equal([["lint", "types", "unit"], ["fresh"], ["integration"], ["e2e"]]);
    expect(groups("unit", "integration", "soak")).to.deep.equal([["unit"], ["integration"], ["soak"]]);
  });
});
