import { expect } from "chai";
import { select } from "../../../../airgap/builder/graph";
import { allSteps } from "../../../../airgap/steps";
import { NEEDS, piecesFor, type Needs } from "../../../../cli/lib/needs";

/** The pieces that something needs, with all that they are made of. */
const all = (needs: Needs): string[] => select(allSteps, piecesFor(needs)).map(({ name }) => name);
const kindOf = (name: string): string | undefined => allSteps.find((step) => step.name === name)?.kind;

/** What only API servers without Docker are made of. */
const API_SERVERS = ["kwok", "kwokctl"];

describe("what commands need", () => {
  it("are pieces that there are", () => {
    const known = allSteps.map(({ name }) => name);
    for (const { pieces } of Object.values<Needs>(NEEDS)) for (const name of pieces.names) expect(known).to.include(name);
  });

  it("is Pulumi alone to read a state", () => {
    expect(all(NEEDS.state)).to.deep.equal(["pulumi"]);
  });

  it("is no image, no API server and no Docker engine for a preview, but all that the program is run with", () => {
    expect(NEEDS.preview.engine).to.equal(false);
    expect(all(NEEDS.preview)).to.include.members(["pulumi", "pulumi-language-nodejs", "pulumi-plugins", "istio-charts", "metallb-chart", "settings"]);
    // Helm tries the settings with the charts.
    const others = all(NEEDS.preview).filter((name) => kindOf(name) === "binary");
    expect(others).to.have.members(["pulumi", "pulumi-language-nodejs", "helm"]);
  });

  it("is every plugin wherever resources are made or deleted", () => {
    const plugins = allSteps.filter(({ kind }) => kind === "plugin").map(({ name }) => name);
    expect(plugins).not.to.be.empty;
    for (const needs of [NEEDS.preview, NEEDS.up, NEEDS.upInDocker, NEEDS.down, NEEDS.downInDocker]) expect(piecesFor(needs)).to.include.members(plugins);
  });

  it("is neither the program nor an image to take a stack away, and the engine only where it has something in Docker", () => {
    const plugins = allSteps.filter(({ kind }) => kind === "plugin").map(({ name }) => name);
    expect(all(NEEDS.down)).to.have.members(["pulumi", ...plugins]);
    expect(all(NEEDS.downInDocker)).to.have.members(["pulumi", "kind", ...plugins]);
    expect([NEEDS.down.engine, NEEDS.downInDocker.engine]).to.deep.equal([false, true]);
  });

  it("is every image and what `./mesh env` promises to bring kind clusters up, and nothing that only tests use", () => {
    const pieces = all(NEEDS.upInDocker);
    expect(pieces).to.include.members(allSteps.filter(({ kind }) => kind === "image" || kind === "engine").map(({ name }) => name));
    expect(pieces).to.include.members([...all(NEEDS.up), "kind", "kubectl", "helm", "istioctl"]);
    expect(pieces).not.to.include.members(API_SERVERS);
    expect(all(NEEDS.up).filter((name) => ["image", "engine"].includes(kindOf(name) ?? ""))).to.deep.equal([]);
  });

  it("is everything for the tests on clusters, and everything but images for those without", () => {
    expect(all(NEEDS.testsInDocker)).to.have.members(allSteps.map(({ name }) => name));
    expect(all(NEEDS.tests)).to.have.members(allSteps.filter(({ kind }) => kind !== "image" && kind !== "engine").map(({ name }) => name));
  });
});
