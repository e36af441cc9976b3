import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { closestThere, makeFolder, obstacleBelow, obstacleTo, replaceFile } from "../../../lib/writable";
import { folderForEach } from "../cli/support/folder";

describe("folders that are written to", () => {
  const folder = folderForEach();
  const at = (...parts: string[]): string => path.join(folder(), ...parts);

  it("are created with those above them and the requested permissions, once", () => {
    makeFolder(at("a", "b"), 0o700);
    makeFolder(at("a", "b"), 0o755);
    expect([at("a"), at("a", "b")].map((name) => fs.statSync(name).mode & 0o777)).to.deep.equal([0o700, 0o700]);
    expect(obstacleTo(at("c", "d"))).to.equal(undefined);
    expect(fs.statSync(at("c", "d")).isDirectory()).to.equal(true);
  });

  it("are refused by name when they cannot be created, also below /proc, where Node's own mkdir never returns", () => {
    fs.writeFileSync(at("file"), "");
    fs.symlinkSync(at("nowhere"), at("dangling"));
    expect(obstacleTo(at("file"))).to.equal(`${at("file")} is not a folder`);
    expect(obstacleTo(at("dangling"))).to.equal(`${at("dangling")} is not a folder`);
    expect(obstacleTo(at("file", "x"))).to.contain(`the folder ${at("file", "x")} cannot be created: EEXIST`);
    if (fs.existsSync("/proc/self")) expect(obstacleTo("/proc/usmesh/x")).to.contain("the folder /proc/usmesh/x cannot be created: ENOENT");
    expect(() => makeFolder(at("file", "x"))).to.throw("EEXIST");
  });

  it("may be reached through a symbolic link", () => {
    fs.mkdirSync(at("real"));
    fs.symlinkSync(at("real"), at("link"));
    expect(obstacleTo(at("link", "x"))).to.equal(undefined);
    expect(fs.readdirSync(at("real"))).to.deep.equal(["x"]);
  });

  it("are refused when one of them is a file", () => {
    const home = at("home");
    expect(obstacleBelow(home, [path.join(home, "steps"), path.join(home, "go", "mod")])).to.equal(undefined);
    expect(fs.readdirSync(home), "only the home is created").to.deep.equal([]);
    fs.writeFileSync(path.join(home, "steps"), "");
    expect(obstacleBelow(home, [path.join(home, "steps")])).to.equal(`${path.join(home, "steps")} is not a folder`);
    expect(obstacleBelow(path.join(home, "steps"), [])).to.equal(`${path.join(home, "steps")} is not a folder`);
  });

  it("are on the file system of the closest folder that exists", () => {
    expect(closestThere(at("a", "b", "c"))).to.equal(folder());
    expect(closestThere(folder())).to.equal(folder());
    expect(closestThere("/")).to.equal("/");
  });
});

describe("files that are replaced", () => {
  const folder = folderForEach();

  it("are complete, only their owner can read them, and nothing else is left", () => {
    const file = path.join(folder(), "file");
    for (const text of ["one", "another"]) {
      replaceFile(file, text);
      expect(fs.readFileSync(file, "utf8")).to.equal(text);
    }
    expect(fs.statSync(file).mode & 0o777).to.equal(0o600);
    expect(fs.readdirSync(folder())).to.deep.equal(["file"]);
  });
});
