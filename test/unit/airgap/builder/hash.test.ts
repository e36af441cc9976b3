import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { canonical, contentHash, stepHashes } from "../../../../airgap/builder/hash";
import type { Step } from "../../../../airgap/builder/step";
import { fileStep, World } from "./support/world";

describe("air-gap hashes", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.write("src/a.txt", "a");
    world.write("src/deep/b.txt", "b");
    world.write("other.txt", "o");
  });
  afterEach(() => world.remove());

  it("are equal for equal values whatever the order of their keys", () => {
    expect(canonical({ a: [1, null], b: { c: "x", d: true } })).to.equal(canonical({ b: { d: true, c: "x" }, a: [1, null] }));
    expect(canonical({ a: "1" })).not.to.equal(canonical({ a: 1 }));
    expect(canonical(["a", "b"])).not.to.equal(canonical(["b", "a"]));
  });

  it("cover names, contents and whether a file is executable, but not times or installed packages", () => {
    const before = contentHash(world.repository, "src");
    fs.utimesSync(path.join(world.repository, "src/a.txt"), 1, 1);
    world.write("src/node_modules/x.js", "x");
    expect(contentHash(world.repository, "src")).to.equal(before);
    fs.chmodSync(path.join(world.repository, "src/a.txt"), 0o755);
    const executable = contentHash(world.repository, "src");
    fs.renameSync(path.join(world.repository, "src/a.txt"), path.join(world.repository, "src/c.txt"));
    const renamed = contentHash(world.repository, "src");
    world.write("src/deep/b.txt", "B");
    expect(new Set([before, executable, renamed, contentHash(world.repository, "src")]).size).to.equal(4);
  });

  /** base <- middle <- top, and one independent step. */
  const tower = (version: string): Step[] => [
    fileStep("top", { needs: ["middle"] }),
    fileStep("middle", { needs: ["base"], inputs: ["src"] }),
    fileStep("base", { version }),
    fileStep("beside", { inputs: ["other.txt"] }),
  ];
  const changed = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
    [...before.keys()].filter((name) => before.get(name) !== after.get(name)).sort();

  it("change with a pin for that piece and what is made from it, and for no other", () => {
    const before = stepHashes(tower("1"), world.repository);
    expect(changed(before, stepHashes(tower("1"), world.repository))).to.deep.equal([]);
    expect(changed(before, stepHashes(tower("2"), world.repository))).to.deep.equal(["base", "middle", "top"]);
  });

  it("change with a source for the pieces that are made from it", () => {
    const before = stepHashes(tower("1"), world.repository);
    world.write("src/deep/b.txt", "B");
    expect(changed(before, stepHashes(tower("1"), world.repository))).to.deep.equal(["middle", "top"]);
  });

  it("name the step and the source that is missing", () => {
    expect(() => stepHashes([fileStep("one", { inputs: ["gone.txt"] })], world.repository)).to.throw(/step one: its input gone.txt/);
  });
});
