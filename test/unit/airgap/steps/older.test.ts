import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { inOrder, select } from "../../../../airgap/builder/graph";
import { stepHashes } from "../../../../airgap/builder/hash";
import { airgapPaths } from "../../../../airgap/builder/paths";
import type { StepContext } from "../../../../airgap/builder/step";
import { allSteps } from "../../../../airgap/steps";
import { olderSteps } from "../../../../airgap/steps/older";
import { olderTags, versions } from "../../../../airgap/versions";

const repository = path.resolve(__dirname, "../../../..");
const both = [...allSteps, ...olderSteps];

describe("the earlier build of Istio", () => {
  it("needs only steps and files that exist", () => {
    expect(stepHashes(both, repository).size).to.equal(inOrder(both).length);
  });

  it("shares no name and no output with what the mesh runs, and is not among its pieces", () => {
    for (const values of [both.map(({ name }) => name), both.flatMap((step) => [...step.outputs, ...(step.images ?? [])])]) expect(new Set(values).size).to.equal(values.length);
    expect(allSteps.filter(({ name }) => name.includes("older"))).to.deep.equal([]);
    expect(inOrder(allSteps).every(({ needs }) => needs.every((need) => !need.includes("older")))).to.equal(true);
  });

  it("is pinned, with checksums, and is another one than the mesh runs", () => {
    const read = (file: string): string => fs.readFileSync(path.join(repository, "airgap/go/istio-older", file), "utf8");
    expect(read("go.mod")).to.match(new RegExp(`^\\s*(require )?istio\\.io/istio ${versions.istioOlderModule}`, "m"));
    expect(read("go.sum")).to.include(`istio.io/istio ${versions.istioOlderModule} h1:`);
    expect(versions.istioOlderModule).not.to.equal(versions.istioModule);
    expect(versions.istioOlder.startsWith(`${versions.istio}-`)).to.equal(true);
  });

  it("ends in nodes that have both builds", () => {
    const names = select(both, ["image-node-older"]).map(({ name }) => name);
    expect(names).to.include.members(["image-node", "image-pilot-discovery", "image-pilot-discovery-older", "image-proxy-older", "pilot-agent-older", "envoy-bootstrap-older"]);
    expect(olderSteps.flatMap(({ images = [] }) => images)).to.have.members(Object.values(olderTags));
  });

  it("writes its charts with the same program, against its own module", async () => {
    const charts = olderSteps.find(({ name }) => name === "istio-charts-older")!;
    expect(charts.inputs).to.deep.equal(["airgap/go/istio-older/go.mod", "airgap/go/istio-older/go.sum", "airgap/go/istio/charts"]);
    const runs: unknown[] = [];
    const run: StepContext["run"] = async (command, args, options) => (runs.push([command, args, options?.cwd]), "");
    await charts.build({ run, repository: "/repository", paths: airgapPaths("/home"), scratch: "/scratch", publish: async () => undefined } as unknown as StepContext);
    expect(runs).to.deep.equal([["go", ["run", "-modfile=/repository/airgap/go/istio-older/go.mod", "./charts", "/scratch/charts"], "/repository/airgap/go/istio"]]);
  });
});
