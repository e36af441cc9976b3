import { expect } from "chai";
import { countResources } from "../../../../cli/plan/counts";
import { readPreview } from "../../../../cli/plan/preview";
import { clusterSteps, demoStep, kindStep, previewJson, rootStep, type PretendedStep } from "./support/steps";

describe("the counts of resources", () => {
  it("are by outermost component in the order in which components are created, without components, providers and what is not changed", () => {
    const steps: PretendedStep[] = [
      { op: "create", types: "Demo", name: "d" },
      demoStep("west", "Webapp", "kubernetes:core/v1:Service", "create"),
      ...clusterSteps("west", "same", { provider: "update" }),
      kindStep("west", "update"),
      rootStep("1", "delete"),
      { op: "create", types: "random:index:Thing", name: "stranger" },
      { op: "read", types: "IstioPrimary$kubernetes:core/v1:Service", name: "x" },
    ];
    expect(countResources(readPreview(previewJson(steps))!.resources)).to.deep.equal([
      { component: "PluginCA", create: 0, update: 0, replace: 0, delete: 1 },
      { component: "Cluster", create: 0, update: 1, replace: 0, delete: 0 },
      { component: "Demo", create: 1, update: 0, replace: 0, delete: 0 },
      { component: "other", create: 1, update: 0, replace: 0, delete: 0 },
    ]);
  });
});
