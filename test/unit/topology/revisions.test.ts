import { expect } from "chai";
import { DEFAULT_REVISION, nextRevision, ofRevision, placementOf, UPGRADE_STEPS } from "../../../topology/revisions";

describe("the revisions of a cluster", () => {
  it("are one without a name, and no tag, before the first upgrade", () => {
    expect(placementOf(DEFAULT_REVISION)).to.deep.equal({ revisions: ["default"], eastWest: "default", ingress: "default", injects: "default", tagged: false });
  });

  it("are one with a name and a tag that leads to it, after an upgrade", () => {
    expect(placementOf("blue")).to.deep.equal({ revisions: ["blue"], eastWest: "blue", ingress: "blue", injects: "blue", tagged: true });
  });

  it("are two during an upgrade, to which the gateways and then new pods move, the east-west gateway first", () => {
    const served = UPGRADE_STEPS.map((step) => {
      const { revisions, eastWest, ingress, injects, tagged } = placementOf("default", { revision: "blue", step });
      expect([revisions, tagged], step).to.deep.equal([["default", "blue"], true]);
      return [eastWest, ingress, injects];
    });
    expect(served).to.deep.equal([
      ["default", "default", "default"],
      ["blue", "default", "default"],
      ["blue", "blue", "default"],
      ["blue", "blue", "blue"],
    ]);
  });

  it("take turns", () => {
    expect([nextRevision("default"), nextRevision("blue"), nextRevision("green")]).to.deep.equal(["blue", "green", "blue"]);
  });

  it("name objects as Istio's charts do", () => {
    expect([ofRevision("istiod", "default"), ofRevision("istio-sidecar-injector", "blue")]).to.deep.equal(["istiod", "istio-sidecar-injector-blue"]);
  });
});
