import { expect } from "chai";
import * as fs from "node:fs";
import { atLeast, needsOf, obstacles, thisMachine } from "../../../../airgap/builder/checks";
import { fileStep, World } from "./support/world";

describe("the checks before an air-gap build", () => {
  it("add up the disk of all steps, and the highest memory of each lane", () => {
    const cost = { seconds: 10, diskMiB: 100, memoryMiB: 500 };
    const steps = [
      fileStep("a", { cost: { ...cost, cacheMiB: 50 }, tools: ["go>=1.26"] }),
      fileStep("b", { cost: { ...cost, memoryMiB: 900 }, tools: ["go>=1.26", "docker"] }),
      fileStep("c", { cost, lane: "light" }),
    ];
    expect(needsOf(steps)).to.deep.equal({ seconds: 20, diskMiB: 350, memoryMiB: 1400, tools: ["docker", "go>=1.26"] });
  });

  it("inspect the real machine", () => {
    const world = new World();
    const machine = thisMachine(world.folder);
    expect(machine.diskMiB).to.be.greaterThan(0);
    expect(machine.memoryMiB).to.be.greaterThan(0);
    expect(machine.lacks("sh")).to.equal(undefined);
    expect(machine.lacks("no-such-tool>=2")).to.equal("no-such-tool 2 or newer is needed and is not on PATH: install it");
    const needs = { seconds: 1, diskMiB: 1, memoryMiB: 1, tools: ["no-such-tool"] };
    expect(obstacles(needs, machine, world.folder)).to.deep.equal(["no-such-tool is needed and is not on PATH: install it"]);
    world.remove();
  });

  it("check a part of a command by using it, and say how to install it", () => {
    const world = new World();
    const lacks = (tool: string): string | undefined => thisMachine(world.folder).lacks(tool);
    expect(lacks("sh -c true")).to.equal(undefined);
    expect(lacks("sh no-such-part")).to.equal("sh no-such-part is needed and does not work: install it");
    expect(lacks("no-such-tool -m pip")).to.equal("no-such-tool is needed and is not on PATH: install it");
    world.remove();
  });

  it("use the disk that the home will be on, before the home exists", () => {
    const world = new World();
    expect(thisMachine(world.paths.home).diskMiB).to.be.closeTo(thisMachine(world.folder).diskMiB, 1024);
    expect(fs.existsSync(world.paths.home)).to.equal(false);
    world.remove();
  });

  it("compare versions number by number", () => {
    expect(["1.26", "1.26.8", "1.27", "2.0", "1.100.1"].every((version) => atLeast(version, "1.26"))).to.equal(true);
    expect(["1.25.9", "1.3", "0.99"].some((version) => atLeast(version, "1.26"))).to.equal(false);
  });
});
