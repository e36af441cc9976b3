import { expect } from "chai";
import { upLines, upReport } from "../../../../cli/up/report";
import { outputsOf, trustOutputsOf } from "../support/outputs";
import { stackModel, WEST } from "./support/stacks";

describe("the report of up", () => {
  const demo = stackModel("local", { clusters: { west: {}, east: {} }, demo: true });
  const outputs = outputsOf(["west", "east"], ["west->east", "east->west"]);

  it("shows every cluster's addresses, the pairs and a request to try", () => {
    const text = upLines([{ ...demo, outputs }]).join("\n");
    for (const part of ["ingress.west", "eastwest.east", "https://east:6443", "east->west, west->east"]) expect(text).to.contain(part);
    expect(text).to.match(/docker exec mypc curl .*webapp\.istioinaction\.io.* http:\/\/ingress\.west\//);
  });

  it("says so when no pair is wired", () => {
    expect(upLines([{ ...WEST, outputs: outputsOf(["west"], []) }])).to.include("No pair of clusters is wired.");
  });

  it("has no request to try without the demo", () => {
    expect(upLines([{ ...WEST, outputs }]).join("\n")).not.to.contain("docker exec");
    expect(upReport([{ ...WEST, outputs }]).try).to.equal(undefined);
  });

  it("has no request to try without the client, which would send it", () => {
    const model = { ...demo.model, client: { ...demo.model.client, enabled: false } };
    expect(upReport([{ ...demo, model, outputs }]).try).to.equal(undefined);
  });

  it("as JSON has the clusters, the pairs and when the root expires, by stack", () => {
    const trust = trustOutputsOf("local", [], { roots: ["1", "2"], signer: "2", ends: { roots: { "1": "2030-01-01T00:00:00Z", "2": "2040-01-01T00:00:00Z" }, intermediates: {} } });
    const { version, stacks } = upReport([{ ...demo, outputs: { ...outputs, trust } }]);
    expect(version).to.equal(1);
    expect(stacks).to.have.length(1);
    expect(stacks[0]).to.deep.include({ stack: "local", clusters: outputs.clusters, pairs: ["west->east", "east->west"], rootExpiry: "2040-01-01T00:00:00Z" });
  });

  it("has no secrets", () => {
    const text = JSON.stringify(upReport([{ ...demo, outputs }])) + upLines([{ ...demo, outputs }]).join("\n");
    for (const secret of ["a-token", "kind-west"]) expect(text).not.to.contain(secret);
  });
});
