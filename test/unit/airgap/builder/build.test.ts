import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { refuseHopeless } from "../../../../airgap/builder/look";
import { AirgapError, interruption, StepFailed } from "../../../../airgap/builder/errors";
import { takeLock } from "../../../../airgap/builder/lock";
import { airgapPaths } from "../../../../airgap/builder/paths";
import { failure, fileStep, World } from "./support/world";

describe("the air-gap build", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  it("builds what is missing once, and nothing the second time", async () => {
    const steps = [fileStep("a"), fileStep("b", { needs: ["a"] })];
    expect(await world.build(steps)).to.deep.equal(["a", "b"]);
    expect(world.read("bin/b")).to.equal('"b"');
    world.said.length = 0;
    expect(await world.build(steps)).to.deep.equal([]);
    expect(world.said, "says nothing when there is nothing to do").to.deep.equal([]);
    expect(fs.existsSync(world.paths.scratch)).to.equal(false);
  });

  it("builds a piece again when its pin changed, with what is made from it", async () => {
    const steps = (version: string) => [fileStep("a", { version }), fileStep("b", { needs: ["a"] }), fileStep("c")];
    await world.build(steps("1"));
    expect(await world.states(steps("2"))).to.deep.equal({ a: "changed", b: "changed", c: "ready" });
    expect(await world.build(steps("2"))).to.deep.equal(["a", "b"]);
  });

  it("builds only the pieces asked for, and what they need", async () => {
    const steps = [fileStep("a"), fileStep("b", { needs: ["a"] }), fileStep("c")];
    expect(await world.build(steps, { only: ["b"] })).to.deep.equal(["a", "b"]);
  });

  it("notices a file that is missing or truncated, also in a folder", async () => {
    const folder = fileStep("folder", {
      outputs: ["charts/one"],
      async build({ scratch, publish }) {
        fs.mkdirSync(path.join(scratch, "one/templates"), { recursive: true });
        fs.writeFileSync(path.join(scratch, "one/Chart.yaml"), "name: one");
        fs.writeFileSync(path.join(scratch, "one/templates/x.yaml"), "kind: X");
        await publish(path.join(scratch, "one"), "charts/one");
      },
    });
    const steps = [fileStep("a"), folder];
    await world.build(steps);
    fs.rmSync(path.join(world.paths.home, "charts/one/templates/x.yaml"));
    expect(await world.states(steps)).to.deep.equal({ a: "ready", folder: "damaged" });
    fs.truncateSync(path.join(world.paths.home, "bin/a"), 1);
    expect(await world.build(steps)).to.have.members(["a", "folder"]);
    expect(world.said.join("\n")).to.include("bin/a has 1 bytes instead of 3").and.to.include("charts/one/templates/x.yaml is gone");
    expect(world.read("charts/one/templates/x.yaml")).to.equal("kind: X");
  });

  it("runs a step's own check, and builds the step again when the check fails", async () => {
    const problems: string[] = [];
    const steps = [fileStep("a", { check: async () => problems[0] })];
    await world.build(steps);
    problems.push("it does not answer");
    expect(await world.states(steps)).to.deep.equal({ a: "damaged" });
    expect(await world.build(steps)).to.deep.equal(["a"]);
    expect(world.said.join("\n")).to.include("it does not answer");
  });

  it("names the log of a failed step and shows its last lines, keeps what was finished and continues there", async () => {
    let broken = true;
    const bad = fileStep("bad", {
      needs: ["good"],
      async build(context) {
        context.log("compiling");
        if (broken) await context.run("sh", ["-c", "echo to stdout; echo no such module >&2; exit 3"]);
        else await fileStep("bad").build(context);
      },
    });
    const steps = [fileStep("good"), bad, fileStep("made-of-bad", { needs: ["bad"] })];
    const error = await failure(world.build(steps));
    expect(error).to.be.instanceOf(StepFailed);
    const log = path.join(world.paths.logs, "bad.log");
    expect(error.message).to.include("building bad failed: sh ended with exit code 3").and.to.include(log).and.to.include("    no such module");
    expect(fs.readFileSync(log, "utf8")).to.include("compiling\n").and.to.include("to stdout\n").and.to.include("no such module\n");
    expect(world.said.at(-1)).to.equal(`[2/3] bad … failed: sh ended with exit code 3; see ${log}`);
    expect(await world.states(steps)).to.deep.equal({ good: "ready", bad: "missing", "made-of-bad": "missing" });
    broken = false;
    expect(await world.build(steps)).to.deep.equal(["bad", "made-of-bad"]);
  });

  it("fails when a step does not make its outputs, or publishes something else", async () => {
    const nothing = fileStep("nothing", { build: async () => undefined });
    expect((await failure(world.build([nothing]))).message).to.match(/building nothing failed: ENOENT.*bin\/nothing/);
    const other = fileStep("other", { build: async ({ scratch, publish }) => publish(scratch, "bin/else") });
    expect((await failure(world.build([other]))).message).to.include("bin/else is not among the outputs of step other");
  });

  it("does not start when disk, memory or a command is missing, and says what it needs", async () => {
    const steps = [fileStep("big", { cost: { seconds: 90, diskMiB: 3000, cacheMiB: 2120, memoryMiB: 4096 }, tools: ["go"] })];
    const machine = () => ({ diskMiB: 2048, memoryMiB: 1024, lacks: (tool: string) => `${tool} is not there` });
    const error = await failure(world.build(steps, { machine }));
    expect(error).to.be.instanceOf(AirgapError);
    expect((error as AirgapError).reason).to.equal("refused");
    expect(error.message).to.include("5.0 GiB of disk are needed and 2.0 GiB are free").and.to.include(world.paths.home);
    expect(error.message).to.include("4.0 GiB of memory are needed and 1.0 GiB are available").and.to.include("- go is not there");
    expect(world.said).to.deep.equal(["1 piece to build: about 2 min on 2 cores with empty caches, 5.0 GiB of disk (part of it freed at the end) and 4.0 GiB of memory"]);
    expect(await world.states(steps)).to.deep.equal({ big: "missing" });
    expect(await world.build(steps, { machine, force: true })).to.deep.equal(["big"]);
  });

  it("can refuse in advance with the same message, and then has created nothing but the home", async () => {
    const { paths, repository, images } = world;
    const steps = [fileStep("a", { tools: ["go"] })];
    const lacks = (tool: string): string => `${tool} is not there`;
    const refuse = (machine = lacks): Promise<boolean> =>
      refuseHopeless({ steps, paths, repository, images, machine: () => ({ diskMiB: 1024, memoryMiB: 1024, lacks: machine }) });
    const error = (await failure(refuse())) as AirgapError;
    expect([error.reason, error.message]).to.deep.equal(["refused", (await failure(world.build(steps, { machine: () => ({ diskMiB: 1024, memoryMiB: 1024, lacks }) }))).message]);
    expect(fs.readdirSync(paths.home)).to.deep.equal([]);
    const release = await takeLock(paths, { say: () => undefined, onLost: () => undefined });
    expect(await refuse(), "what another run leaves to do is not known").to.equal(true);
    await release();
    await world.build(steps);
    expect(await refuse()).to.equal(false);
  });

  it("is refused when its home or one of its folders cannot be written to, and names the variable to change it", async () => {
    fs.mkdirSync(world.paths.home);
    fs.writeFileSync(world.paths.steps, "");
    const error = (await failure(world.build([fileStep("a")]))) as AirgapError;
    expect(error.reason).to.equal("refused");
    expect(error.message).to.contain(`${world.paths.steps} is not a folder`).and.to.contain("MESH_AIRGAP_HOME");
    fs.rmSync(world.paths.steps);
    fs.writeFileSync(path.join(world.paths.home, "lock"), "");
    expect((await failure(world.build([fileStep("a")]))).message).to.contain("lock is not a folder");
    const below = airgapPaths(path.join(world.paths.home, "lock", "home"));
    expect((await failure(world.build([fileStep("a")], { paths: below }))).message).to.contain(`${below.home} cannot be created`);
  });

  it("needs no more than what is left to build does", async () => {
    const small = fileStep("small");
    const big = fileStep("big", { cost: { seconds: 1, diskMiB: 4000, memoryMiB: 4000 } });
    await world.build([big], { machine: () => ({ diskMiB: 9000, memoryMiB: 9000, lacks: () => undefined }) });
    expect(await world.build([big, small])).to.deep.equal(["small"]);
  });

  it("identifies images by their ids, and removes those that it replaced", async () => {
    let id = "sha256:1";
    const image = (version: string) =>
      fileStep("image", {
        version,
        outputs: [],
        images: ["usmesh.local/x:1"],
        build: async () => void world.images.images.set("usmesh.local/x:1", { id, size: 5 }),
      });
    await world.build([image("1")]);
    expect(await world.states([image("1")])).to.deep.equal({ image: "ready" });
    world.images.images.set("usmesh.local/x:1", { id: "sha256:other", size: 5 });
    expect(await world.states([image("1")])).to.deep.equal({ image: "damaged" });
    id = "sha256:2";
    expect(await world.build([image("2")])).to.deep.equal(["image"]);
    expect(world.images.removed).to.deep.equal(["sha256:1"]);
    world.images.images.clear();
    expect(await world.states([image("2")])).to.deep.equal({ image: "damaged" });
  });

  it("does not build images again when the engine only had to be started", async () => {
    let running = true;
    const engine = fileStep("engine", {
      outputs: [],
      check: async () => (running ? undefined : "not running"),
      build: async () => void (world.images.up = running = true),
    });
    const image = fileStep("image", {
      needs: ["engine"],
      outputs: [],
      images: ["x:1"],
      build: async () => void world.images.images.set("x:1", { id: "sha256:1", size: 1 }),
    });
    await world.build([engine, image]);
    world.images.up = running = false;
    expect(await world.states([engine, image])).to.deep.equal({ engine: "damaged", image: "unknown" });
    expect(await world.build([engine, image])).to.deep.equal(["engine"]);
    expect(world.said.at(-1)).to.equal("[2/2] image … was ready already");
  });

  it("ends running commands when it is interrupted, and says so rather than that a step failed", async () => {
    const controller = new AbortController();
    const slow = fileStep("slow", {
      async build({ run }) {
        const ended = run("sh", ["-c", "sleep 30 & sleep 30"]);
        setTimeout(() => controller.abort(interruption()), 50);
        await ended;
      },
    });
    const started = Date.now();
    const error = await failure(world.build([slow], { signal: controller.signal }));
    expect((error as AirgapError).reason).to.equal("interrupted");
    expect(Date.now() - started).to.be.lessThan(20_000);
    expect(world.said.join("\n")).not.to.include("failed");
    expect(fs.readdirSync(path.join(world.paths.home, "running"))).to.deep.equal([]);
  }).timeout(30_000);

  it("cuts caches after something was built, also when a step failed", async () => {
    const tidied: string[] = [];
    const tidy = async (steps: readonly { name: string }[]): Promise<void> => void tidied.push(steps.map(({ name }) => name).join());
    const bad = fileStep("bad", { needs: ["a"], build: async () => Promise.reject(new Error("no")) });
    await failure(world.build([fileStep("a"), bad], { tidy }));
    await failure(world.build([fileStep("a"), bad], { tidy }));
    expect(tidied).to.deep.equal(["a"]);
  });
});
