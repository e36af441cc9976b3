import { expect } from "chai";
import { flatGoals, type Size } from "../../../../bench/cases/scale";

describe("the goals of the sizes of a mesh", () => {
  it("are what a cluster of the largest takes, beside one of the smallest", () => {
    const size = (clusters: number, noop: number[]): Size => ({ clusters, way: "gateway", noop, up: [1], down: [1], upMiB: [1], noopMiB: [1], resources: [clusters * 20], stateMiB: [1] });
    const goals = flatGoals([size(2, [3, 3, 9]), size(16, [26, 28, 27])]);
    const goal = goals.find(({ name }) => name.startsWith("up without a change, through gateways"));
    expect(goal).to.deep.include({ actual: 27 / 16 / 1.5, atMost: 1.15, unit: "×" });
    expect(goals.find(({ name }) => name.startsWith("resources"))?.actual).to.equal(1);
    expect(flatGoals([size(2, [3])])).to.deep.equal([]);
  });
});
