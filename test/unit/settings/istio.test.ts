import { expect } from "chai";
import { parseSettings } from "../../../settings/config";
import { installOf } from "../../../settings/istio";
import type { ClusterIstio } from "../../../settings/model";

const istioOf = (cluster: object, stack: object = {}): ClusterIstio =>
  parseSettings({ clusters: { west: { istio: cluster } }, istio: stack }, { stack: "west" }).clusters[0]!.istio;

describe("Istio in a cluster", () => {
  it("is the stack's, where the cluster says nothing", () => {
    const stack = { version: "1.31.2", charts: "charts", hub: "registry.example/istio", tag: "1.31.2", values: { istiod: { a: 1 } } };
    expect(istioOf({}, stack)).to.deep.include({ version: "1.31.2", charts: "charts", hub: "registry.example/istio", tag: "1.31.2", revision: "default" }).and.not.have.property("next");
    expect(istioOf({}, stack).values["istiod"]).to.deep.equal({ a: 1 });
  });

  it("has what the cluster sets over the stack's, and values merged", () => {
    const istio = istioOf({ version: "1.30.5", hub: "other.example", values: { istiod: { b: 2 } } }, { version: "1.31.2", values: { istiod: { a: 1 }, base: { c: 3 } } });
    expect(istio).to.include({ version: "1.30.5", hub: "other.example" });
    expect(istio.values).to.deep.include({ istiod: { a: 1, b: 2 }, base: { c: 3 } });
  });

  it("gets a second istiod from an upgrade, with what the upgrade sets over the cluster's", () => {
    const istio = istioOf({ version: "1.30.5", hub: "other.example", upgrade: { version: "1.31.2", tag: "1.31.2", values: { istiod: { b: 2 } } } }, { values: { istiod: { a: 1 } } });
    expect(istio).to.include({ version: "1.30.5", revision: "default" });
    expect(istio.next).to.deep.include({ version: "1.31.2", hub: "other.example", tag: "1.31.2", revision: "blue", step: "beside" });
    expect(istio.next?.values["istiod"]).to.deep.equal({ a: 1, b: 2 });
    expect(istio.placement).to.deep.include({ revisions: ["default", "blue"], injects: "default" });
  });

  it("has the digests of the stack's version, and none for another", () => {
    const digests = { istiod: `sha256:${"0".repeat(64)}` };
    const istio = istioOf({ version: "1.31.3", upgrade: { version: "1.31.4" } }, { digests });
    expect([istio.digests, istio.next?.digests]).to.deep.equal([{}, digests]);
    expect([istioOf({}, { digests }).digests, istioOf({ upgrade: { version: "1.31.5" } }, { digests }).next?.digests]).to.deep.equal([digests, {}]);
  });

  it("takes the other revision for an upgrade unless it is told which", () => {
    const upgrade = { version: "1.31.4" };
    expect(istioOf({ revision: "blue", upgrade }).next?.revision).to.equal("green");
    expect(istioOf({ revision: "green", upgrade }).next?.revision).to.equal("blue");
    expect(istioOf({ upgrade: { ...upgrade, revision: "green" } }).next?.revision).to.equal("green");
  });

  it("has an installation for each of its revisions, and none for others", () => {
    const istio = istioOf({ version: "1.31.3", upgrade: { version: "1.31.4" } });
    expect([installOf(istio, "default").version, installOf(istio, "blue").version]).to.deep.equal(["1.31.3", "1.31.4"]);
    expect(() => installOf(istio, "green")).to.throw("no istiod of revision green");
  });
});
