import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { RunRecord } from "../../../../cli/drill/record";
import { folderForEach } from "../support/folder";

describe("the record of a drill", () => {
  const folder = folderForEach();
  const file = (): string => path.join(folder(), "home", "drill.json");
  const repair = { what: "unpause" as const, containers: ["west-control-plane"] };

  /** Leaves the record of a run that was killed: of a process that is not this one. */
  const killed = (change: object = {}): void => {
    fs.mkdirSync(path.dirname(file()), { recursive: true });
    fs.writeFileSync(file(), JSON.stringify({ version: 1, run: "earlier", pid: process.pid + 1, repairs: [repair], ...change }));
  };
  const open = (alive = false): RunRecord => RunRecord.open(file(), "mine", () => alive);

  it("is gone when a run ends and owes nothing", () => {
    const record = open();
    record.begin();
    record.owe(repair);
    record.paid({ ...repair });
    record.close();
    expect(fs.existsSync(file())).to.equal(false);
  });

  it("stays when something was not repaired, for the next run", () => {
    const record = open();
    record.begin();
    record.owe(repair);
    record.close();
    fs.writeFileSync(file(), fs.readFileSync(file(), "utf8").replace(String(process.pid), String(process.pid + 1)));
    expect(open().leftovers).to.deep.equal({ run: "mine", repairs: [repair] });
  });

  it("is on disk before anything is done", () => {
    open().owe(repair);
    expect(fs.readFileSync(file(), "utf8")).to.contain("west-control-plane").and.contain('"mine"');
  });

  it("tells what a run left that was killed, and keeps it until that is repaired", () => {
    killed();
    const record = open();
    expect(record.leftovers).to.deep.equal({ run: "earlier", repairs: [repair] });
    record.close();
    expect(open().leftovers, "this run was ended before it had repaired anything").to.deep.equal({ run: "earlier", repairs: [repair] });
  });

  it("keeps the earlier run's id until this one begins: its namespaces are known by it", () => {
    killed({ repairs: [] });
    open();
    expect(fs.readFileSync(file(), "utf8")).to.contain('"earlier"');
    const record = open();
    record.begin();
    expect(fs.readFileSync(file(), "utf8")).to.contain('"mine"').and.not.contain("earlier");
  });

  it("refuses a second run while the first is alive", () => {
    killed();
    expect(() => open(true)).to.throw(`another drill is running (process ${process.pid + 1})`);
  });

  it("has no leftovers where there is none, or where it cannot be read", () => {
    expect(open().leftovers).to.equal(undefined);
    fs.writeFileSync(file(), "{");
    expect(open().leftovers).to.equal(undefined);
  });

  it("knows whether a process runs", () => {
    killed({ pid: process.ppid });
    expect(() => RunRecord.open(file(), "mine")).to.throw("another drill is running");
    // No process has an id above the kernel's limit.
    killed({ pid: 2 ** 30 });
    expect(RunRecord.open(file(), "mine").leftovers?.run).to.equal("earlier");
  });
});
