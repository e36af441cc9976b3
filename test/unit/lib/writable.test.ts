import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { closestThere, makeFolder, obstacleBelow, obstacleTo } from "../../../lib/writable";
import { folderForEach } from "../cli/support/folder";

describe("folders to write into", () => {
  const folder = folderForEach();
  const at = (...parts: string[]): string => path.join(folder(), ...parts);

  it("are made with those above them and the permissions asked for, once", () => {
    makeFolder(at("a", "b"), 0o700);
    makeFolder(at("a", "b"), 0o755);
    expect([at("a"), at("a", "b")].map((name) => fs.statSync(name).mode & 0o777)).to.deep.equal([0o700, 0o700]);
    expect(obstacleTo(at("c", "d"))).to.equal(undefined);
    expect(fs.statSync(at("c", "d")).isDirectory()).to.equal(true);
  });

  it("are refused with their name where they cannot be made, below /proc as well, where Node's own mkdir never returns", () => {
    fs.writeFileSync(at("file"), "");
    fs.symlinkSync(at("nowhere"), at("dangling"));
    expect(obstacleTo(at("file"))).to.equal(`${at("file")} is not a folder`);
    expect(obstacleTo(at("dangling"))).to.equal(`${at("dangling")} is not a folder`);
    expect(obstacleTo(at("file", "x"))).to.contain(`the folder ${at("file", "x")} cannot be created: EEXIST`);
    if (fs.existsSync("/proc/self")) expect(obstacleTo("/proc/usmesh/x")).to.contain("the folder /proc/usmesh/x cannot be created: ENOENT");
    expect(() => makeFolder(at("file", "x"))).to.throw("EEXIST");
  });

  it("may be reached by a link", () => {
    fs.mkdirSync(at("real"));
    fs.symlinkSync(at("real"), at("link"));
    expect(obstacleTo(at("link", "x"))).to.equal(undefined);
    expect(fs.readdirSync(at("real"))).to.deep.equal(["x"]);
  });

  it("have to be folders all the way down, as far as they are there", () => {
    const home = at("home");
    expect(obstacleBelow(home, [path.join(home, "steps"), path.join(home, "go", "mod")])).to.equal(undefined);
    expect(fs.readdirSync(home), "only the home is made").to.deep.equal([]);
    fs.writeFileSync(path.join(home, "steps"), "");
    expect(obstacleBelow(home, [path.join(home, "steps")])).to.equal(`${path.join(home, "steps")} is not a folder`);
    expect(obstacleBelow(path.join(home, "steps"), [])).to.equal(`${path.join(home, "steps")} is not a folder`);
  });

  it("lie on the file system of the closest folder that is there", () => {
    expect(closestThere(at("a", "b", "c"))).to.equal(folder());
    expect(closestThere(folder())).to.equal(folder());
    expect(closestThere("/")).to.equal("/");
  });
});
