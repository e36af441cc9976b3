import { expect } from "chai";
import { faultOf, kubernetesProblem, parseVersion, servesProxy, skewOf, stepProblem } from "../../../topology/istio-versions";

describe("the versions of Istio", () => {
  it("are three numbers, also with less or more around them", () => {
    expect(parseVersion("1.31.4")).to.deep.equal({ major: 1, minor: 31, patch: 4 });
    expect(parseVersion("v1.34.0-rc.1")).to.deep.equal({ major: 1, minor: 34, patch: 0 });
    expect(parseVersion("1.31")).to.deep.equal({ major: 1, minor: 31, patch: 0 });
    expect(parseVersion("10.1.0")).to.deep.equal({ major: 10, minor: 1, patch: 0 });
    for (const text of [undefined, "", "latest", "our-build-7", "istio-1.31.4"]) expect(parseVersion(text), text).to.equal(undefined);
  });

  it("that lose what peers have are known, with the reason", () => {
    for (const version of ["1.30.0", "1.30.1", "1.30.2", "1.30.3"]) expect(faultOf(version), version).to.match(/loses endpoints.*istio#60612/);
    expect(faultOf("1.27.1")).to.match(/misses a remote Secret that changes.*istio#58047/);
    for (const version of ["0.8.0", "1.9.0", "1.27.0", "1.27.2", "1.29.5"]) expect(faultOf(version), version).to.match(/loses endpoints when a remote Secret changes, since/);
    for (const version of ["1.30.4", "1.30.10", "1.31.0", "2.0.0", "2.27.1", "2.30.1", "our-build"]) expect(faultOf(version), version).to.equal(undefined);
  });

  it("go up, one minor version at a time", () => {
    for (const [from, to] of [["1.30.4", "1.30.4"], ["1.30.4", "1.30.5"], ["1.30.9", "1.31.0"], ["latest", "1.31.0"], ["1.31.0", "our-build"]] as const) {
      expect(stepProblem(from, to), `${from} to ${to}`).to.equal(undefined);
    }
    for (const [from, to] of [["1.31.4", "1.31.3"], ["1.31.0", "1.30.9"], ["2.0.0", "1.31.0"]] as const) {
      expect(stepProblem(from, to)?.kind, `${from} to ${to}`).to.equal("downgrade");
    }
    expect(stepProblem("1.31.3", "1.31.2")?.message).to.match(/1\.31\.2 is older than 1\.31\.3/);
    expect(stepProblem("1.30.4", "1.32.0")).to.deep.include({ kind: "skipped" });
    expect(stepProblem("1.30.4", "1.32.0")?.message).to.match(/a minor version is skipped.*go to 1\.31 first/);
    expect(stepProblem("1.31.0", "2.0.0")).to.deep.include({ kind: "skipped" }).and.have.property("message").that.includes("the major version changes");
    expect(stepProblem("1.29.0", "1.32.0")?.message).to.match(/2 minor versions are skipped.*go to 1\.30 first/);
  });

  it("of a mesh's istiods are at most one minor version apart", () => {
    expect(skewOf([])).to.equal(undefined);
    expect(skewOf(["1.31.4", "1.30.4", "our-build"])).to.equal(undefined);
    expect(skewOf(["1.31.4", "1.29.4", "1.30.9"])).to.deep.equal({ oldest: "1.29.4", newest: "1.31.4" });
    expect(skewOf(["1.31.0", "2.0.0"]), "another major version").to.deep.equal({ oldest: "1.31.0", newest: "2.0.0" });
  });

  it("serve proxies of the same minor version and of the one before, and none that is newer", () => {
    for (const [istiod, proxy, serves] of [["1.31.4", "1.31.0", true], ["1.31.0", "1.31.4", true], ["1.31.4", "1.30.0", true], ["1.31.4", "1.29.9", false], ["1.30.9", "1.31.0", false], ["1.31.0", "latest", true], ["latest", "1.31.0", true], ["2.31.0", "1.31.0", false], ["1.31.0", "2.31.0", false]] as const) {
      expect(servesProxy(istiod, proxy), `${proxy} at ${istiod}`).to.equal(serves);
    }
  });

  it("each support some versions of Kubernetes", () => {
    for (const kubernetes of ["v1.32.0", "v1.34.4", "1.36.1", "unknown"]) expect(kubernetesProblem("1.31.4", kubernetes), kubernetes).to.equal(undefined);
    expect(kubernetesProblem("1.31.4", "v1.31.9")).to.deep.equal({ kind: "too-old", supported: "1.32 to 1.36" });
    expect(kubernetesProblem("1.30.4", "v1.37.0")).to.deep.equal({ kind: "too-new", supported: "1.32 to 1.36" });
    for (const istio of ["1.99.0", "2.31.0", "our-build"]) expect(kubernetesProblem(istio, "v1.10.0"), `nothing is known of Istio ${istio}`).to.equal(undefined);
    for (const kubernetes of ["v0.31.0", "v2.0.0"]) expect(kubernetesProblem("1.31.4", kubernetes), kubernetes).to.equal(undefined);
  });
});
