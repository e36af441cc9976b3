import { expect } from "chai";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { processName } from "../../../../lib/pid-files";
import { endMarked, MARK, marked } from "../../../../tools/test/processes";

describe("the processes of a part", () => {
  it("are those that carry its mark, and all below them, whatever their environment", () => {
    const all = [
      { pid: 40, parent: 30 },
      { pid: 10, parent: 1, mark: "a" },
      { pid: 20, parent: 1, mark: "b" },
      { pid: 30, parent: 10 },
      { pid: 50, parent: 20 },
    ];
    expect(marked(all, "a")).to.have.members([10, 30, 40]);
    expect(marked(all, "c")).to.deep.equal([]);
  });

  it("are ended, also one that left its parent and one that does not listen", async () => {
    const mark = randomUUID();
    const script = 'trap "" TERM; (sleep 60 & echo $!) & wait; echo $$; while :; do sleep 60; done';
    const shell = spawn("sh", ["-c", script], { env: { ...process.env, [MARK]: mark }, stdio: ["ignore", "pipe", "ignore"], detached: true });
    const ended = once(shell, "exit");
    let said = "";
    for await (const chunk of shell.stdout) if (/\d+\n\d+\n/.test((said += String(chunk)))) break;
    const pids = said.trim().split("\n").map(Number);
    expect(pids.map((pid) => processName(pid))).to.not.include(undefined);
    await endMarked(mark, 200);
    await ended;
    expect(pids.map((pid) => processName(pid))).to.deep.equal([undefined, undefined]);
  });
});
