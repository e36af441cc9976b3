import { expect } from "chai";
import { buildDifferences, sourceOf } from "../../../topology/istio-builds";

describe("builds of Istio", () => {
  const source = { charts: "charts", hub: "example.org/istio", tag: "fix" };

  it("are the same only with the same version, charts, hub and tag", () => {
    expect(buildDifferences({ version: "1.31.3", source }, { version: "1.31.3", ...source })).to.deep.equal([]);
    expect(buildDifferences({ version: "1.31.3", source }, { version: "1.31.4", hub: "example.org/other", tag: "fix" })).to.deep.equal([
      { what: "version", from: "1.31.3", to: "1.31.4" },
      { what: "charts", from: "charts", to: undefined },
      { what: "hub", from: "example.org/istio", to: "example.org/other" },
    ]);
    expect(buildDifferences({ version: "1.31.3", source: {} }, { version: "1.31.3", tag: "fix" })).to.deep.equal([{ what: "tag", from: undefined, to: "fix" }]);
  });

  it("are told apart by their versions alone where nothing else was recorded", () => {
    expect(buildDifferences({ version: "1.31.3" }, { version: "1.31.3", ...source })).to.deep.equal([]);
    expect(buildDifferences({ version: "1.31.3" }, { version: "1.31.4", ...source })).to.deep.equal([{ what: "version", from: "1.31.3", to: "1.31.4" }]);
  });

  it("have a source of what is set, and of nothing else", () => {
    const istio = { version: "1.31.3", ...source };
    expect(sourceOf(istio)).to.deep.equal(source);
    expect(sourceOf({ charts: undefined, hub: undefined, tag: undefined })).to.deep.equal({});
  });
});
