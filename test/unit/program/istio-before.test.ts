import { expect } from "chai";
import { clusterOutputs } from "../../../outputs/contract";
import { istioBefore, istioOutputs, replacedInPlace } from "../../../program/istio-before";
import { parseSettings } from "../../../settings/config";
import type { ClusterIstio } from "../../../settings/model";

const istioOf = (istio: object): ClusterIstio => parseSettings({ clusters: { west: { istio } }, istio: { version: "1.31.3", hub: "example.org/istio" } }, { stack: "west" }).clusters[0]!.istio;
const recorded = (istio: ClusterIstio) => istioBefore({ versions: { istio: istio.version }, istio: istioOutputs(istio) });
const UPGRADE = { tag: "fix-1", upgrade: { version: "1.31.4", tag: "fix-2", step: "gateways" } };

describe("Istio in a cluster since the last up", () => {
  it("is what the outputs say: each istiod, with what it was installed from", () => {
    expect(recorded(istioOf(UPGRADE))).to.deep.equal({
      version: "1.31.3",
      source: { hub: "example.org/istio", tag: "fix-1" },
      revision: "default",
      upgrade: { version: "1.31.4", source: { hub: "example.org/istio", tag: "fix-2" }, revision: "blue", step: "gateways" },
    });
  });

  it("is read from outputs of earlier versions, which did not record everything", () => {
    const read = clusterOutputs.pick({ versions: true, istio: true });
    const versions = { kubernetes: "v1.34.4", istio: "1.31.3" };
    expect(istioBefore(read.parse({ versions }))).to.deep.equal({ version: "1.31.3", source: undefined, revision: "default" });
    expect(istioBefore(read.parse({ versions, istio: { revision: "blue", tag: "fix-1" } }))).to.deep.equal({ version: "1.31.3", source: undefined, revision: "blue" });
  });

  it("would be replaced in place where an istiod that stays is of another build", () => {
    const before = recorded(istioOf(UPGRADE));
    const replaced = (istio: object) => replacedInPlace(istioOf(istio), before).map(({ after, differences }) => [after.revision, ...differences.map(({ what }) => what)]);
    expect(replaced(UPGRADE)).to.deep.equal([]);
    expect(replaced({ version: "1.31.4", tag: "fix-2", revision: "blue" }), "the new one stays").to.deep.equal([]);
    expect(replaced({ ...UPGRADE, tag: "fix-3" })).to.deep.equal([["default", "tag"]]);
    expect(replaced({ version: "1.31.5", revision: "green" }), "another one").to.deep.equal([]);
    expect(replaced({ ...UPGRADE, upgrade: { version: "1.31.5", hub: "example.org/b", tag: "fix-2" } })).to.deep.equal([["blue", "version", "hub"]]);
  });
});
