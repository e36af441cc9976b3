import { expect } from "chai";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { backendUrl, localStacks } from "../../cli/lib/backend";
import { meshPaths } from "../../lib/paths";
import { inSteps } from "../support/steps";
import { Clone, type Ended } from "./support/clone";

/** What `./mesh up` makes in Docker under its own names, which therefore must be free. */
const CONTAINERS = ["west-control-plane", "east-control-plane", "mypc"];
const NETWORK = "usmesh";

/** What of the above is there; nothing where no Docker engine answers. */
function inDocker(): string[] {
  const names = (...args: string[]): string[] => spawnSync("docker", args, { encoding: "utf8" }).stdout?.split("\n") ?? [];
  const containers = names("ps", "--all", "--format", "{{.Names}}").filter((name) => CONTAINERS.includes(name));
  return [...containers, ...names("network", "ls", "--format", "{{.Name}}").filter((name) => name === NETWORK)];
}

/** How many resources an operation of Pulumi's left as they were, created and so on: the lines below "Resources:". */
function resources(output: string): string[] {
  return [...output.matchAll(/^Resources:\n((?: {4}.*\n)+)/gm)].flatMap(([, lines = ""]) => lines.trim().split("\n").map((line) => line.trim()));
}

/**
 * The README's commands on a machine that has nothing but Node, Go, Python and apt. A Docker engine that runs is used; else one is
 * installed and started, and stopped in the end. Of `./mesh test` those parts are run that a clone can make fail: integration and e2e
 * show nothing here that they do not show elsewhere, once `fresh` has made sure of all the pieces that they stand on.
 */
describe("a fresh clone with empty homes", function () {
  inSteps(this);
  let clone: Clone;
  let cloned = false;
  let report = "";
  const times: string[] = [];

  before(() => {
    const taken = inDocker();
    if (taken.length > 0) throw new Error(`a mesh is up here already: ${taken.join(", ")}. Take it down first: ./mesh down`);
    clone = new Clone();
    cloned = true;
    process.stderr.write(`    of ${clone.commit}\n`);
  });

  afterEach(function () {
    const { title = "", duration = 0, state } = this.currentTest ?? {};
    if (duration > 0) times.push(`${Math.round(duration / 1000).toString().padStart(6)} s  ${title}${state === "failed" ? " (failed)" : ""}`);
  });

  after(async () => {
    process.stderr.write(`\n${times.join("\n")}\n`);
    if (!cloned) return;
    // Nothing of it stays: the mesh after a step that failed, the images, an engine that it started.
    await clone.mesh("down", "--yes");
    await clone.mesh("airgap", "clean", "--all");
    await clone.mesh("down", "--yes", "--engine");
    await clone.remove();
  });

  const succeeds = async (running: Promise<Ended>): Promise<Ended> => {
    const ended = await running;
    expect(ended.code, ended.stderr.slice(-2000)).to.equal(0);
    return ended;
  };

  it("./mesh up sets up what is missing and brings both clusters up", async () => {
    report = (await succeeds(clone.mesh("up"))).stdout;
    expect(report).to.match(/^west +local /m).and.to.match(/^east +local /m).and.to.contain("Wired: east->west, west->east");
  });

  it("the line that it ends with gets an answer of the other cluster", async () => {
    const line = /^ +(docker exec .*)$/m.exec(report)?.[1] ?? "echo no line to try was printed; exit 1";
    const answer = await succeeds(clone.shell(line));
    expect(answer.stdout).to.contain("catalog");
  });

  it("./mesh up once more changes nothing", async () => {
    const { stdout, stderr } = await succeeds(clone.mesh("up"));
    expect(resources(stdout)).to.have.length(1);
    expect(resources(stdout)[0]).to.match(/^\d+ unchanged$/);
    expect(stderr).not.to.contain("to build: about");
  });

  it("./mesh verify finds nothing wrong", async () => {
    await succeeds(clone.mesh("verify"));
  });

  it("./mesh test lint types unit fresh is green", async () => {
    await succeeds(clone.mesh("test", "lint", "types", "unit", "fresh"));
  });

  it("the clone's own files are as they were", async () => {
    expect((await succeeds(clone.shell("git status --porcelain"))).stdout).to.equal("");
  });

  it("./mesh down removes all of it", async () => {
    await succeeds(clone.mesh("down", "--yes"));
    expect(inDocker()).to.deep.equal([]);
    const mesh = meshPaths(clone.meshHome);
    expect(localStacks(backendUrl(mesh, {}), "usmesh")).to.deep.equal([]);
    expect(fs.existsSync(mesh.kubeconfigs) ? fs.readdirSync(mesh.kubeconfigs) : []).to.deep.equal([]);
  });
});
