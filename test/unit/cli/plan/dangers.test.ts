import { expect } from "chai";
import { dangersOf, leaves } from "../../../../cli/plan/dangers";
import { recordedPlan } from "./support/recorded";

describe("the dangers of a plan", () => {
  it("say for each stack what is dangerous, and whether it is allowed", () => {
    const danger = { danger: "changed-root", stack: "local", what: "root 2 signs instead of root 1" };
    expect(dangersOf(recordedPlan("other-signer"), ["changed-root"])).to.deep.equal([{ ...danger, allowed: true }]);
    expect(dangersOf(recordedPlan("other-signer"), ["replaced-clusters", "unknown"])).to.deep.equal([{ ...danger, allowed: false }]);
    expect(dangersOf(recordedPlan("nothing"), [])).to.deep.equal([]);
  });

  it("name each pair that is unwired, unless one of the stack's own clusters leaves, which is a danger of its own", () => {
    const plan = recordedPlan("nothing");
    const unwired = { ...plan, pairs: { wired: [], unwired: ["west->north"] } };
    const danger = { danger: "unwired-pairs", stack: "local", what: "west->north is unwired: workloads in west no longer find those in north" };
    expect(dangersOf(unwired, [])).to.deep.equal([{ ...danger, allowed: false }]);
    expect(dangersOf(unwired, ["unwired-pairs"])).to.deep.equal([{ ...danger, allowed: true }]);
    expect(dangersOf({ ...unwired, clusters: { ...plan.clusters, leaving: [{ cluster: "east" }] } }, []).map(({ danger: name }) => name), "another one leaves").to.deep.equal(["replaced-clusters", "unwired-pairs"]);
    const leaving = { ...plan.clusters, leaving: [{ cluster: "east" }] };
    const both = { ...plan, clusters: leaving, pairs: { wired: [], unwired: ["west->east", "east->west"] } };
    expect(dangersOf(both, []).map(({ danger: name }) => name)).to.deep.equal(["replaced-clusters"]);
  });

  it("say that a cluster is deleted unless it existed before the stack", () => {
    expect(leaves("existing")).to.equal("leaves the mesh");
    for (const driver of ["kind", undefined] as const) expect(leaves(driver)).to.equal("leaves the mesh and is deleted");
  });
});
