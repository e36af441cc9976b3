import { expect } from "chai";
import { metallbValueClashes, metallbValues } from "../../../../components/charts/metallb-values";

describe("the values of MetalLB's chart", () => {
  it("announce addresses by ARP, and take extra values", () => {
    const { readinessProbe, ...speaker } = metallbValues({ speaker: { image: { repository: "registry.example/speaker" } } })["speaker"] as { readinessProbe: object };
    expect(speaker).to.deep.equal({ image: { repository: "registry.example/speaker" }, frr: { enabled: false } });
    expect(readinessProbe).to.deep.equal({ initialDelaySeconds: 1, periodSeconds: 2 });
    expect(metallbValues()).to.deep.equal({
      speaker: { readinessProbe, frr: { enabled: false } },
      controller: { readinessProbe },
      frrk8s: { enabled: false },
      crds: { enabled: true, validationFailurePolicy: "Ignore" },
    });
  });

  it("let no speaker wait for a key that it shares with nobody, where there is one node", () => {
    const memberlist = (extra: object, singleNode?: boolean): unknown => (metallbValues({ speaker: extra }, singleNode)["speaker"] as { memberlist?: unknown }).memberlist;
    expect(memberlist({}, true)).to.deep.equal({ enabled: false });
    expect(memberlist({}, false)).to.equal(undefined);
    expect(memberlist({ memberlist: { enabled: true } }, true), "as the caller wants it").to.deep.equal({ enabled: true });
  });

  it("clash with extra values that would turn BGP on", () => {
    expect(metallbValueClashes({ speaker: { frr: { enabled: true } } })).to.deep.equal([{ path: "speaker.frr.enabled", kept: false }]);
    expect(metallbValueClashes({ crds: { validationFailurePolicy: "Fail" } })).to.deep.equal([]);
  });
});
