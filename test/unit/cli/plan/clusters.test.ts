import { expect } from "chai";
import * as fc from "fast-check";
import { planStack } from "../../../../cli/plan/stack-plan";
import { dangerLines, facts, planOf, settings } from "./support/facts";
import { clusterSteps, commandStep, kindStep, outputsWith } from "./support/steps";

describe("the plan of clusters", () => {
  it("lets a cluster join that is in the settings and not up", () => {
    const plan = planOf(settings(["west", "north"]), [...clusterSteps("west"), ...clusterSteps("north", "create")], outputsWith(["west"]));
    expect(plan.clusters).to.deep.include({ joining: [{ cluster: "north", driver: "existing" }], leaving: [], replaced: [] });
    expect(dangerLines(plan)).to.deep.equal([]);
  });

  it("lets a cluster leave that is up and no longer in the settings, which is dangerous", () => {
    const steps = [...clusterSteps("west"), ...clusterSteps("north", "delete"), kindStep("north", "delete")];
    const plan = planOf(settings(["west"]), steps, outputsWith(["west", "north"]));
    expect(plan.clusters).to.deep.include({ leaving: [{ cluster: "north", driver: "kind" }], replaced: [] });
    expect(dangerLines(plan)).to.deep.equal(["replaced-clusters: cluster north leaves the mesh and is deleted"]);
  });

  it("lets a cluster leave that was never fully up, by the name of its component", () => {
    const plan = planOf(settings(["west"]), clusterSteps("north", "delete"));
    expect(plan.clusters.leaving).to.deep.equal([{ cluster: "c-north" }]);
    expect(dangerLines(plan)).to.have.length(1);
  });

  it("lets no cluster leave whose component is created or changed, whatever that is called", () => {
    for (const op of ["create", "update"]) expect(planOf(settings(["west"]), clusterSteps("unlike", op)).clusters.leaving, op).to.deep.equal([]);
  });

  it("calls a cluster replaced whose component alone is replaced", () => {
    const steps = clusterSteps("west", "same").map((step) => (step.types === "Cluster" ? { ...step, op: "replace" } : step));
    expect(planOf(settings(["west"]), steps, outputsWith(["west"])).clusters.replaced).to.deep.equal([{ cluster: "west", why: "everything in it is recreated" }]);
  });

  it("calls a cluster replaced whose component is deleted while another one for the same cluster is created", () => {
    const steps = [...clusterSteps("west", "create"), ...clusterSteps("old", "delete", { network: "west-network" })];
    const plan = planOf(settings(["west"]), steps, outputsWith(["west"]));
    expect(plan.clusters).to.deep.include({ joining: [], leaving: [], replaced: [{ cluster: "west", why: "everything in it is recreated through another provider" }] });
    expect(dangerLines(plan)).to.have.length(1);
  });

  it("calls a cluster replaced of which nothing tells the key, by the name of its component", () => {
    const steps = clusterSteps("west", "same", { provider: "replace", network: "nobody's" });
    expect(dangerLines(planOf(settings(["west"]), steps, outputsWith(["west"])))).to.deep.equal(["replaced-clusters: cluster c-west is replaced: its kubeconfig leads to another cluster"]);
  });

  it("says why a kind cluster is replaced, and says it once", () => {
    const steps = [...clusterSteps("west", "same", { provider: "replace" }), kindStep("west", "replace", { KIND_IMAGE: "a" }, { KIND_IMAGE: "b" })];
    const plan = planOf(settings(["west"]), steps, outputsWith(["west"]));
    expect(plan.clusters.replaced).to.deep.equal([{ cluster: "west", why: "node image a → b" }]);
    expect(dangerLines(plan)).to.deep.equal(["replaced-clusters: cluster west is replaced: node image a → b"]);
  });

  it("calls a cluster replaced whose kind cluster is deleted, whether another resource creates it or none", () => {
    const steps = [...clusterSteps("west"), kindStep("west", "delete")];
    expect(planOf(settings(["west"]), steps, outputsWith(["west"])).clusters.replaced).to.deep.equal([{ cluster: "west", why: "it is no longer a kind cluster" }]);
    const other = commandStep("west", "create", { environment: { KIND_NAME: "west" } }, undefined, "other");
    expect(planOf(settings(["west"]), [...steps, other], outputsWith(["west"])).clusters.replaced).to.deep.equal([{ cluster: "west", why: "another resource creates it" }]);
    const beside = [...steps, ...clusterSteps("east"), kindStep("east", "create")];
    expect(planOf(settings(["west", "east"]), beside, outputsWith(["west", "east"])).clusters.replaced, "one that creates another cluster").to.deep.equal([{ cluster: "west", why: "it is no longer a kind cluster" }]);
  });

  it("does not call a cluster replaced when only the labels of its nodes, its address or its certificate change", () => {
    const labels = commandStep("west", "replace", { environment: { REGION: "a", KIND_NODE: "n" } });
    const plan = planOf(settings(["west"]), [...clusterSteps("west", "same", { provider: "update" }), labels], outputsWith(["west"]));
    expect(plan.clusters.replaced).to.deep.equal([]);
    expect(dangerLines(plan)).to.deep.equal([]);
  });

  it("says how peers will read a cluster that is moved to another way, also where the version before knew only one", () => {
    const outputs = (through?: string): object => {
      const { clusters, ...rest } = outputsWith(["west"]) as { clusters: Record<string, object> };
      return { ...rest, clusters: { west: { ...clusters["west"], driver: "existing", through } } };
    };
    const changed = (before: string | undefined, after: string) => planOf(settings(["west"], { peering: { through: after } }), clusterSteps("west"), outputs(before)).clusters.changed;
    const what = "read by peers through";
    for (const before of ["apiServer", undefined]) expect(changed(before, "gateway")).to.deep.equal([{ cluster: "west", what, from: "its API server", to: "its gateway" }]);
    expect(changed("gateway", "apiServer")).to.deep.equal([{ cluster: "west", what, from: "its gateway", to: "its API server" }]);
    expect(changed("gateway", "gateway")).to.deep.equal([]);
  });

  it("says which facts about a cluster change, versions included", () => {
    const model = settings(["west"], { istio: { version: "1.31.5" } });
    const changed = planStack(facts({ ...model, clusters: [{ ...model.clusters[0]!, network: "n2", zone: "1" }] }, [], outputsWith(["west"]))).clusters.changed;
    expect(changed.map(({ what, from, to }) => `${what} ${from} ${to}`)).to.deep.equal(["network west-network n2", "zone 0 1", "driver kind existing", "Istio 1.31.4 1.31.5"]);

    const outputs = outputsWith(["west"]) as { clusters: Record<string, object> };
    const other = { ...outputs.clusters["west"], clusterName: "w", region: "eastus", driver: "existing", versions: { istio: "1.31.4", metallb: "0.14.0" } };
    const others = planOf(settings(["west"]), [], { ...outputs, clusters: { west: other } }).clusters.changed;
    expect(others.map(({ what, from, to }) => `${what} ${from} ${to}`)).to.deep.equal(["Istio cluster name w west-cluster", "region eastus westus", "MetalLB 0.14.0 none"]);
  });

  it("has every cluster join, leave or stay", () => {
    const keys = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1 });
    fc.assert(
      fc.property(keys, keys, (before, after) => {
        const { joining, leaving } = planStack(facts(settings(after), [], outputsWith(before))).clusters;
        const stays = before.filter((key) => after.includes(key));
        expect([...stays, ...joining.map(({ cluster }) => cluster)].sort()).to.deep.equal([...after].sort());
        expect([...stays, ...leaving.map(({ cluster }) => cluster)].sort()).to.deep.equal([...before].sort());
      }),
      { numRuns: 40 },
    );
  });
});
