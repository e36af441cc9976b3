import { expect } from "chai";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { isLive, readLocks, type LockHolder } from "../../../cli/lib/locks";
import { folderForEach } from "./support/folder";

describe("the locks of a stack", () => {
  const folder = folderForEach();
  const holder: LockHolder = { pid: 7, username: "ann", hostname: "here", timestamp: "2026-01-02T03:04:05Z" };
  const lock = (name: string, text: string): void => {
    const locks = path.join(folder(), "with space", ".pulumi", "locks", "organization", "usmesh", "local");
    fs.mkdirSync(locks, { recursive: true });
    fs.writeFileSync(path.join(locks, name), text);
  };
  const read = (running: readonly number[]): ReturnType<typeof readLocks> =>
    readLocks(`file://${path.join(folder(), "with space")}`, "usmesh", "local", { hostname: "here", isPulumi: (pid) => running.includes(pid) });

  it("are none for a stack that nobody works on, and for backends elsewhere", () => {
    expect(read([])).to.deep.equal({ live: [], stale: 0 });
    expect(readLocks("s3://bucket", "usmesh", "local")).to.deep.equal({ live: [], stale: 0 });
  });

  it("are live while their process runs, and left behind once it is gone", () => {
    lock("a.json", JSON.stringify(holder));
    lock("a.json.attrs", "{}");
    expect(read([7])).to.deep.equal({ live: [holder], stale: 0 });
    expect(read([])).to.deep.equal({ live: [], stale: 1 });
  });

  it("are never taken from another machine, whose processes cannot be seen", () => {
    expect(isLive({ ...holder, hostname: "there" }, { hostname: "here", isPulumi: () => false })).to.equal(true);
  });

  it("that were cut off while they were written count as left behind", () => {
    lock("a.json", '{"pid": 12');
    expect(read([12])).to.deep.equal({ live: [], stale: 1 });
  });

  it("of a process id that now is another program's count as left behind", () => {
    const ended = spawnSync("true").pid;
    const locks = path.join(folder(), "real", ".pulumi", "locks", "organization", "usmesh", "local");
    fs.mkdirSync(locks, { recursive: true });
    [process.pid, ended].forEach((pid) => fs.writeFileSync(path.join(locks, `${pid}.json`), JSON.stringify({ ...holder, hostname: os.hostname(), pid })));
    expect(readLocks(`file://${path.join(folder(), "real")}`, "usmesh", "local")).to.deep.equal({ live: [], stale: 2 });
  });
});
