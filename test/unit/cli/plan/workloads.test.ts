import { expect } from "chai";
import { planOf, settings } from "./support/facts";
import { clusterSteps, demoComponents, demoStep, type PretendedStep } from "./support/steps";

const PODS = "kubernetes:apps/v1:Deployment";
const SERVICE = "kubernetes:core/v1:Service";

describe("the plan of workloads", () => {
  const clusters = ["west", "north-2"].flatMap((key) => [...clusterSteps(key), ...demoComponents(key, "Webapp", "Catalog")]);
  const workloads = (...steps: readonly PretendedStep[]) => planOf(settings(["west", "north-2"]), [...clusters, ...steps]).workloads;

  it("names a workload once, by what runs", () => {
    const found = workloads(
      demoStep("west", "Webapp", PODS, "delete", "webapp"),
      demoStep("west", "Webapp", SERVICE, "update", "webapp"),
      demoStep("north-2", "Webapp", PODS, "create", "webapp"),
      { op: "replace", types: "Client$docker:index/container:Container", name: "x", after: { name: "mypc" } },
    );
    expect(found).to.deep.equal([
      { workload: "webapp", cluster: "west", change: "delete" },
      { workload: "webapp", cluster: "north-2", change: "create" },
      { workload: "mypc", change: "replace" },
    ]);
  });

  it("names a workload whose surroundings change, but not one around which something is created or deleted", () => {
    const found = workloads(demoStep("north-2", "Catalog", SERVICE, "create", "catalog"), demoStep("west", "Catalog", SERVICE, "replace", "catalog"), demoStep("west", "Webapp", SERVICE, "update", "webapp"));
    expect(found).to.deep.equal(["catalog", "webapp"].map((workload) => ({ workload, cluster: "west", change: "update" })));
  });

  it("calls a workload replaced that one resource stops and another one starts", () => {
    const old = { ...demoStep("west", "Webapp", PODS, "delete", "webapp"), name: "old" };
    expect(workloads(demoStep("west", "Webapp", PODS, "create", "webapp"), old)).to.deep.equal([{ workload: "webapp", cluster: "west", change: "replace" }]);
  });
});
