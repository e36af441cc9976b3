import { expect } from "chai";
import { dangerLines, peer, planOf, settings } from "./support/facts";
import { cacertsStep, clusterSteps, intermediateSteps, outputsWith, rootStep, secretStep, trustOf } from "./support/steps";

describe("unknown changes", () => {
  const west = clusterSteps("west");
  const { trust: _, ...untold } = outputsWith(["west"]);

  it("are dangers, each with the resource and the reason", () => {
    const plan = planOf(settings(["west"]), [...west, secretStep("west", "delete", { type: "Opaque" }, "x")], outputsWith(["west"]));
    const why = "it is neither istiod's signing certificate nor a reader token";
    expect(plan.unknown).to.deep.equal([{ resource: "x", type: "kubernetes:core/v1:Secret", change: "delete", why }]);
    expect(dangerLines(plan)).to.deep.equal([`unknown: x (kubernetes:core/v1:Secret) is deleted, and the effect on the mesh is unknown: ${why}`]);
  });

  it("are none where a resource is only kept", () => {
    expect(planOf(settings(["west"]), [...west, secretStep("west", "same", { type: "Opaque" }, "x")], outputsWith(["west"]))).not.to.have.property("unknown");
  });

  it("are reissued intermediates of which nothing says who signed them so far", () => {
    const model = settings(["west"], { trust: { roots: ["1", "2"], signer: "2" } });
    const [request, certificate] = intermediateSteps("west", "replace");
    const steps = [rootStep("1", "same"), rootStep("2", "same"), request!, { ...certificate!, sources: { certRequestPem: certificate!.sources!["certRequestPem"]! } }];
    expect(dangerLines(planOf(model, steps, untold))).to.deep.equal([
      "unknown: l-west (tls:index/locallySignedCert:LocallySignedCert) is replaced, and the effect on the mesh is unknown: it is not known which root signed it",
    ]);
    expect(dangerLines(planOf(model, [rootStep("1", "same"), ...intermediateSteps("west", "replace")], untold))).to.deep.equal(["changed-root: root 2 signs instead of root 1"]);
  });

  it("are reissued intermediates that different roots have signed so far", () => {
    const steps = [rootStep("1", "same"), rootStep("2", "same"), ...intermediateSteps("west", "replace", "1"), ...intermediateSteps("east", "same", "2")];
    const lines = dangerLines(planOf(settings(["west"], { trust: { roots: ["1", "2"], signer: "2" } }), steps, untold));
    expect(lines).to.have.length(1).and.property("0").to.match(/^unknown: l-west /);
  });

  it("are not updated intermediates, which are not reissued", () => {
    expect(planOf(settings(["west"]), intermediateSteps("west", "update"), untold)).not.to.have.property("unknown");
  });

  it("are other certificates from an authority, when the last outputs do not say what was trusted", () => {
    const model = settings(["west"], { peers: ["hub"], trust: { authority: "hub" } });
    const plan = (op: string, outputs?: object): string[] => dangerLines(planOf(model, [...west, cacertsStep("west", op)], outputs, [peer("hub", ["hub"], { trust: trustOf("hub", ["1"]) })]));
    expect(plan("update", untold)).to.have.length(1).and.property("0").to.match(/^unknown: s-west-signs .* do not hold the roots that its clusters trust$/);
    expect(plan("create", untold)).to.deep.equal([]);
    expect(plan("update", { ...untold, trust: trustOf("hub", ["1"]) })).to.deep.equal([]);
    expect(plan("update")).to.deep.equal([]);
  });
});
