import { expect } from "chai";
import { metallbValueClashes, metallbValues } from "../../../../components/charts/metallb-values";

describe("the values of MetalLB's chart", () => {
  it("announce addresses by ARP, and take extra values", () => {
    expect(metallbValues({ speaker: { image: { repository: "registry.example/speaker" } } })).to.deep.equal({
      speaker: { image: { repository: "registry.example/speaker" }, frr: { enabled: false } },
      frrk8s: { enabled: false },
      crds: { enabled: true, validationFailurePolicy: "Ignore" },
    });
  });

  it("clash with extra values that would turn BGP on", () => {
    expect(metallbValueClashes({ speaker: { frr: { enabled: true } } })).to.deep.equal([{ path: "speaker.frr.enabled", kept: false }]);
    expect(metallbValueClashes({ crds: { validationFailurePolicy: "Fail" } })).to.deep.equal([]);
  });
});
