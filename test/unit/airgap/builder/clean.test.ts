import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { clean } from "../../../../airgap/builder/clean";
import { goCacheLimits, trimGoCaches } from "../../../../airgap/builder/go-caches";
import { fileStep, World } from "./support/world";

/** Writes a file, `age` seconds old. */
function write(file: string, bytes: number, age = 0): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, Buffer.alloc(bytes));
  const time = Date.now() / 1000 - age;
  fs.utimesSync(file, time, time);
}

const MIB = 1024 ** 2;

describe("cleaning the air gap", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  const steps = [
    fileStep("a"),
    fileStep("base", { outputs: [], images: ["base:1"], build: async () => void world.images.images.set("base:1", { id: "1", size: 1 }) }),
    fileStep("node", {
      needs: ["base"],
      outputs: [],
      images: ["node:1"],
      build: async () => void world.images.images.set("node:1", { id: "2", size: 1 }),
    }),
  ];

  /** Builds, puts something into every cache, cleans. @returns what was said */
  async function buildAndClean(all: boolean): Promise<string[]> {
    await world.build(steps);
    const { paths, images } = world;
    write(path.join(paths.goBuild, "aa/x"), 2 * MIB);
    write(path.join(paths.goModules, "m@v1/go.mod"), 1 * MIB);
    fs.chmodSync(path.join(paths.goModules, "m@v1"), 0o555);
    write(path.join(paths.scratch, "left/over"), 1);
    const said: string[] = [];
    await clean({ paths, steps, images, all, say: (line) => said.push(line) });
    return said;
  }

  it("frees caches, logs and leftovers, and leaves every piece ready", async () => {
    const [line] = await buildAndClean(false);
    expect(line).to.match(/^Freed [34] MiB in /);
    expect(await world.states(steps)).to.deep.equal({ a: "ready", base: "ready", node: "ready" });
    expect(fs.readdirSync(world.paths.home).sort()).to.deep.equal(["bin", "steps"]);
    expect(world.images.removed).to.deep.equal([]);
  });

  it("with --all removes everything, the newest images first", async () => {
    await buildAndClean(true);
    expect(fs.readdirSync(world.paths.home)).to.deep.equal([]);
    expect(world.images.removed).to.deep.equal(["node:1", "base:1"]);
  });

  it("does nothing when there is no home", async () => {
    const said: string[] = [];
    await clean({ paths: world.paths, steps, images: world.images, all: true, say: (line) => said.push(line) });
    expect(said).to.deep.equal([`Nothing to clean: ${world.paths.home} does not exist`]);
    expect(fs.existsSync(world.paths.home)).to.equal(false);
  });
});

describe("Go's caches", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  it("are cut to the limit, the least recently used files first", async () => {
    for (const [name, age] of Object.entries({ old: 300, middle: 200, fresh: 100 })) write(path.join(world.paths.goBuild, name), MIB, age);
    expect(await trimGoCaches(world.paths, { buildMiB: 2, modulesMiB: 1 })).to.deep.equal(["Removed 1 MiB from Go's build cache"]);
    expect(fs.readdirSync(world.paths.goBuild).sort()).to.deep.equal(["fresh", "middle"]);
    expect(await trimGoCaches(world.paths, { buildMiB: 2, modulesMiB: 1 })).to.deep.equal([]);
  });

  it("lose all modules together, although they are read-only", async () => {
    const module = path.join(world.paths.goModules, "example.com/m@v1");
    write(path.join(module, "go.mod"), 2 * MIB);
    fs.chmodSync(module, 0o555);
    expect(await trimGoCaches(world.paths, { buildMiB: 1, modulesMiB: 1 })).to.deep.equal(["Removed 2 MiB from Go's module cache"]);
    expect(fs.existsSync(world.paths.goModules)).to.equal(false);
  });

  it("have limits that can be set", () => {
    expect(goCacheLimits({})).to.deep.equal({ buildMiB: 2048, modulesMiB: 3072 });
    expect(goCacheLimits({ MESH_AIRGAP_GO_CACHE_GIB: "8" })).to.deep.equal({ buildMiB: 8192, modulesMiB: 8192 });
    expect(() => goCacheLimits({ MESH_AIRGAP_GO_CACHE_GIB: "lots" })).to.throw('MESH_AIRGAP_GO_CACHE_GIB is "lots"');
  });
});
