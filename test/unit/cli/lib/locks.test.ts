import { expect } from "chai";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { processName } from "../../../../lib/pid-files";
import { isLive, readLocks, type LockHolder } from "../../../../cli/lib/locks";
import { folderForEach } from "../support/folder";

describe("the locks of a stack", () => {
  const folder = folderForEach();
  const holder: LockHolder = { pid: 7, username: "ann", hostname: "here", timestamp: "2026-01-02T03:04:05Z" };
  const lock = (name: string, text: string): void => {
    const locks = path.join(folder(), "with space", ".pulumi", "locks", "organization", "usmesh", "local");
    fs.mkdirSync(locks, { recursive: true });
    fs.writeFileSync(path.join(locks, name), text);
  };
  const read = (running: readonly number[], query = ""): ReturnType<typeof readLocks> =>
    readLocks(`file://${path.join(folder(), "with space")}${query}`, "usmesh", "local", { hostname: "here", isPulumi: (pid) => running.includes(pid) });

  it("are none for a stack that nobody is working on, and for backends elsewhere", () => {
    expect(read([])).to.deep.equal({ live: [], stale: 0 });
    expect(readLocks("s3://bucket", "usmesh", "local")).to.deep.equal({ live: [], stale: 0 });
  });

  it("are live while their process runs, and stale afterwards", () => {
    lock("a.json", JSON.stringify(holder));
    lock("a.json.attrs", "{}");
    expect(read([7])).to.deep.equal({ live: [holder], stale: 0 });
    expect(read([])).to.deep.equal({ live: [], stale: 1 });
    expect(read([], "?metadata=skip")).to.include({ stale: 1 });
  });

  it("are live when they come from another machine, whose processes cannot be seen", () => {
    expect(isLive({ ...holder, hostname: "there" }, { hostname: "here", isPulumi: () => false })).to.equal(true);
  });

  it("that are half written are stale", () => {
    lock("a.json", '{"pid": 12');
    expect(read([12])).to.deep.equal({ live: [], stale: 1 });
  });

  it("are stale when another program has their process id now", () => {
    const ended = spawnSync("true").pid;
    const locks = path.join(folder(), "real", ".pulumi", "locks", "organization", "usmesh", "local");
    fs.mkdirSync(locks, { recursive: true });
    [process.pid, ended].forEach((pid) => fs.writeFileSync(path.join(locks, `${pid}.json`), JSON.stringify({ ...holder, hostname: os.hostname(), pid })));
    expect(readLocks(`file://${path.join(folder(), "real")}`, "usmesh", "local")).to.deep.equal({ live: [], stale: 2 });
  });

  it("are stale when their process is a zombie", async function () {
    if (process.platform !== "linux") this.skip();
    const sleep = path.join(folder(), "pulumi");
    fs.copyFileSync(spawnSync("sh", ["-c", "command -v sleep"], { encoding: "utf8" }).stdout.trim(), sleep);
    fs.chmodSync(sleep, 0o755);
    // The shell becomes a program that does not wait for its children.
    const parent = spawn("sh", ["-c", '"$0" 60 & echo $!; exec sleep 60', sleep], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const pid = Number(String((await once(parent.stdout, "data"))[0]));
      const holds = (): number => {
        const locks = path.join(folder(), "killed", ".pulumi", "locks", "organization", "usmesh", "local");
        fs.mkdirSync(locks, { recursive: true });
        fs.writeFileSync(path.join(locks, "a.json"), JSON.stringify({ ...holder, hostname: os.hostname(), pid }));
        return readLocks(`file://${path.join(folder(), "killed")}`, "usmesh", "local").live.length;
      };
      // As long as the parent is the shell, it waits for them.
      while (processName(pid) !== "pulumi" || processName(parent.pid!) !== "sleep") await new Promise((resolve) => setTimeout(resolve, 10));
      expect(holds()).to.equal(1);
      process.kill(pid, "SIGKILL");
      while (!/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, "utf8"))) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(holds()).to.equal(0);
    } finally {
      parent.kill("SIGKILL");
    }
  });
});
