import { expect } from "chai";
import { reportTo } from "../../../../cli/watch/report";
import { watchEvent } from "../../../../cli/watch/schema";
import { Statistics } from "../../../../cli/watch/statistics";

describe("the report of a watch", () => {
  /** What is written to a stream, and the report that writes it. */
  function open(stream: { isTTY?: boolean; columns?: number }, json = false) {
    let written = "";
    const stdout = { ...stream, write: (text: string) => ((written += text), true) } as unknown as NodeJS.WriteStream;
    const statistics = new Statistics(60_000, 0);
    const pair = { from: "west", to: "east", statistics };
    const report = reportTo({ pairs: [pair], stdout, now: () => 1000 }, json);
    const fail = (): void => {
      const change = statistics.record({ kind: "failed", seen: "HTTP 503" }, 500);
      if (change) report.change(pair, change);
    };
    const take = (): string => {
      const all = written;
      written = "";
      return all;
    };
    return { report, fail, take };
  }

  it("in a file or a pipe says changes at once, with their time, and all pairs now and then", () => {
    const { report, fail, take } = open({});
    fail();
    expect(take()).to.match(/^\d\d:\d\d:\d\d\.\d{3} ✗ west → east fails: HTTP 503\n$/);
    report.show();
    expect(take()).to.match(/^\n {2}pair .*\n✗ west → east .*\n\n$/);
    report.end(61);
    expect(take()).to.contain("totals of 61 s\npair ").and.not.to.contain("\x1b");
  });

  it("on a terminal renews the pairs in their place, below the changes, no line wider than it is", () => {
    const { report, fail, take } = open({ isTTY: true, columns: 30 });
    report.show();
    const first = take();
    expect(first).not.to.contain("\x1b");
    expect(first.split("\n")).to.have.length(3);
    fail();
    const second = take();
    expect(second.startsWith("\x1b[2A\x1b[J")).to.equal(true);
    const [change, ...table] = second.replace("\x1b[2A\x1b[J", "").trimEnd().split("\n");
    expect(change).to.contain("✗ west → east fails: HTTP 503");
    for (const line of [...first.split("\n"), ...table]) expect([...line].length).to.be.at.most(29);
    report.end(1);
    expect(take()).to.contain("\x1b[2A\x1b[J").and.contain("totals of 1.0 s");
    report.show();
    expect(take()).not.to.contain("\x1b");
  });

  it("for a program is one object in each line, as its schema says", () => {
    const { report, fail, take } = open({ isTTY: true }, true);
    fail();
    report.show();
    report.end(1.5);
    const events = take().trimEnd().split("\n").map((line) => watchEvent.parse(JSON.parse(line)));
    expect(events.map(({ type }) => type)).to.deep.equal(["change", "pairs", "totals"]);
    expect(events[0]).to.include({ from: "west", to: "east", state: "fails", seen: "HTTP 503" });
    expect(events[2]).to.include({ seconds: 1.5 });
  });
});
