import { expect } from "chai";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { inTemporaryFolder, removeLeftFolders } from "../../../../cli/lib/temporary-folder";
import { folderForEach } from "../support/folder";

describe("a temporary folder", () => {
  const folder = folderForEach();
  const before = process.env["TMPDIR"];
  beforeEach(() => void (process.env["TMPDIR"] = folder()));
  afterEach(() => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  });
  const left = (): string[] => fs.readdirSync(folder()).sort();
  /** A process that has ended, so that its id is nobody's. */
  const ended = (): number => spawnSync("true").pid;

  it("is for this user alone, and is gone afterwards, with what is in it", async () => {
    const seen = await inTemporaryFolder("west", async (own) => {
      fs.writeFileSync(path.join(own, "kubeconfig1"), "key");
      return { own, mode: fs.statSync(own).mode & 0o777 };
    });
    expect(path.basename(seen.own)).to.match(new RegExp(`^usmesh-west-${process.pid}-`));
    expect([path.dirname(seen.own), seen.mode]).to.deep.equal([folder(), 0o700]);
    expect(left()).to.deep.equal([]);
  });

  it("is gone after a failure, too", async () => {
    const failure = await inTemporaryFolder("west", () => Promise.reject(new Error("no"))).catch((error: unknown) => error);
    expect(failure).to.have.property("message", "no");
    expect(left()).to.deep.equal([]);
  });

  it("of a killed run is removed; one of a run that is still active, of another stack, or that is something else stays", () => {
    const gone = `usmesh-west-${ended()}-aB3dE6`;
    const stay = [`usmesh-west-${process.pid}-aB3dE6`, `usmesh-east-${ended()}-aB3dE6`, "usmesh-west", `usmesh-west-${ended()}-file12`, `usmesh-west-${ended()}-link12`];
    for (const name of [gone, ...stay.slice(0, 3)]) fs.mkdirSync(path.join(folder(), name));
    fs.writeFileSync(path.join(folder(), gone, "kubeconfig1"), "key");
    fs.writeFileSync(path.join(folder(), stay[3]!), "");
    fs.symlinkSync(folder(), path.join(folder(), stay[4]!));
    removeLeftFolders("west");
    expect(left()).to.deep.equal([...stay].sort());
  });
});
