import { expect } from "chai";
import * as path from "node:path";
import { inOrder, select } from "../../../../airgap/builder/graph";
import { stepHashes } from "../../../../airgap/builder/hash";
import { allSteps } from "../../../../airgap/steps";
import { benchSteps } from "../../../../airgap/steps/bench";
import { benchTags } from "../../../../airgap/versions";

const both = [...allSteps, ...benchSteps];

describe("the benchmark's pieces of the air gap", () => {
  it("need only steps and files that exist", () => {
    expect(stepHashes(both, path.resolve(__dirname, "../../../..")).size).to.equal(inOrder(both).length);
  });

  it("share no name and no output with what the mesh runs, which needs none of them", () => {
    for (const values of [both.map(({ name }) => name), both.flatMap((step) => [...step.outputs, ...(step.images ?? [])])]) expect(new Set(values).size).to.equal(values.length);
    const names = benchSteps.map(({ name }) => name);
    expect(allSteps.flatMap(({ name, needs }) => [name, ...needs]).filter((name) => names.includes(name))).to.deep.equal([]);
  });

  it("end in the images that the benchmark uses, without a node or another image", () => {
    expect(benchSteps.flatMap(({ images = [] }) => images)).to.deep.equal(Object.values(benchTags));
    expect(select(both, ["image-fortio"]).map(({ name }) => name)).to.have.members(["docker-engine", "fortio", "image-fortio"]);
  });
});
