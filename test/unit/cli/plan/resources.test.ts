import { expect } from "chai";
import { inputText, type ResourceState } from "../../../../cli/plan/resources";

describe("the text in a resource's inputs", () => {
  const state: ResourceState = { inputs: { metadata: { name: "a", labels: { app: 3 } }, type: "Opaque", data: "[secret]", spec: null }, sources: {} };

  it("is found by its path", () => {
    expect(inputText(state, "metadata", "name")).to.equal("a");
    expect(inputText(state, "type")).to.equal("Opaque");
  });

  it("is undefined where there is something else, or nothing", () => {
    for (const path of [["metadata"], ["metadata", "labels", "app"], ["data", "ca.crt"], ["spec", "type"]]) expect(inputText(state, ...path), path.join(".")).to.equal(undefined);
    expect(inputText(undefined, "type")).to.equal(undefined);
  });
});
