import { expect } from "chai";
import { select } from "../../../../airgap/builder/graph";
import { allSteps } from "../../../../airgap/steps";
import { NEEDS, piecesFor, type Needs } from "../../../../cli/lib/needs";

/** The pieces that something needs, with everything that they are built from. */
const all = (needs: Needs): string[] => select(allSteps, piecesFor(needs)).map(({ name }) => name);
const kindOf = (name: string): string | undefined => allSteps.find((step) => step.name === name)?.kind;

/** Pieces of API servers without Docker only. */
const API_SERVERS = ["kwok", "kwokctl"];

/** Pieces for `usmesh:observability` only. */
const OBSERVERS = ["prometheus", "jaeger", "image-prometheus", "image-jaeger"];

describe("what commands need", () => {
  it("are pieces that exist", () => {
    const known = allSteps.map(({ name }) => name);
    for (const { pieces } of Object.values<Needs>(NEEDS)) for (const name of pieces.names) expect(known).to.include(name);
  });

  it("is Pulumi alone to read a state", () => {
    expect(all(NEEDS.state)).to.deep.equal(["pulumi"]);
  });

  it("is everything that the program runs with for a preview, without images, API servers and the Docker engine", () => {
    expect(NEEDS.preview.engine).to.equal(false);
    expect(all(NEEDS.preview)).to.include.members(["pulumi", "pulumi-language-nodejs", "pulumi-plugins", "istio-charts", "metallb-chart", "settings"]);
    // Helm tests the settings with the charts.
    const others = all(NEEDS.preview).filter((name) => kindOf(name) === "binary");
    expect(others).to.have.members(["pulumi", "pulumi-language-nodejs", "helm"]);
  });

  it("is every plugin wherever resources are created or deleted", () => {
    const plugins = allSteps.filter(({ kind }) => kind === "plugin").map(({ name }) => name);
    expect(plugins).not.to.be.empty;
    for (const needs of [NEEDS.preview, NEEDS.up, NEEDS.upInDocker, NEEDS.down, NEEDS.downInDocker]) expect(piecesFor(needs)).to.include.members(plugins);
  });

  it("is neither the program nor an image for removing a stack, and the engine only when it has something in Docker", () => {
    const plugins = allSteps.filter(({ kind }) => kind === "plugin").map(({ name }) => name);
    expect(all(NEEDS.down)).to.have.members(["pulumi", ...plugins]);
    expect(all(NEEDS.downInDocker)).to.have.members(["pulumi", "kind", ...plugins]);
    expect([NEEDS.down.engine, NEEDS.downInDocker.engine]).to.deep.equal([false, true]);
  });

  it("is every image and every tool of `./mesh env` for bringing up kind clusters, and nothing that only tests use", () => {
    const pieces = all(NEEDS.upInDocker);
    expect(pieces).to.include.members(allSteps.filter(({ kind, optional }) => (kind === "image" || kind === "engine") && !optional).map(({ name }) => name));
    expect(pieces).not.to.include.members(OBSERVERS);
    expect(all(NEEDS.upObserved)).to.have.members([...pieces, ...OBSERVERS]);
    expect(pieces).to.include.members([...all(NEEDS.up), "kind", "kubectl"]);
    expect(pieces).not.to.include.members(API_SERVERS);
    expect(all(NEEDS.up).filter((name) => ["image", "engine"].includes(kindOf(name) ?? ""))).to.deep.equal([]);
  });

  it("is everything for the tests on clusters, and everything but images and what observes a mesh for those without Docker", () => {
    expect(all(NEEDS.testsInDocker)).to.have.members(allSteps.map(({ name }) => name));
    expect(all(NEEDS.tests)).to.have.members(allSteps.filter(({ kind, optional }) => kind !== "image" && kind !== "engine" && !optional).map(({ name }) => name));
  });
});
