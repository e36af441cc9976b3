import { expect } from "chai";
import { done, type Outcome } from "../../integration/support/events";

describe("what an operation of the engine did", () => {
  const outcome = (exitCode: number, ...steps: [op: string, name: string, type?: string][]): Outcome => ({
    exitCode,
    output: "",
    diagnostics: [],
    steps: steps.map(([op, name, type = "kubernetes:core/v1:Secret"]) => ({ op, name, type, changed: [], outputs: {} })),
  });

  it("is what changed, without what was only looked at and without stack, components and providers", () => {
    const steps = [["same", "a"], ["update", "b"], ["read", "c"], ["create", "project-test", "pulumi:pulumi:Stack"], ["create", "trust", "usmesh:index:PluginCA"]] as [string, string, string?][];
    expect(done(outcome(0, ...steps))).to.deep.equal(["update b"]);
  });

  it("is nothing only when some resource is known to have stayed the same", () => {
    expect(done(outcome(0, ["same", "a"]))).to.deep.equal([]);
    expect(() => done(outcome(0))).to.throw("no resource that stayed the same: []");
    expect(() => done(outcome(0, ["read", "a"], ["same", "project-test", "pulumi:pulumi:Stack"]))).to.throw("no resource that stayed the same");
  });

  it("may be nothing when the engine failed", () => {
    expect(done(outcome(255))).to.deep.equal([]);
  });
});
