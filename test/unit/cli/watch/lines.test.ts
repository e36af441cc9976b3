import { expect } from "chai";
import { changeLine, duration, pairLines, totalLines } from "../../../../cli/watch/lines";
import { type Outcome, Statistics } from "../../../../cli/watch/statistics";

const pair = (to: string, outcomes: readonly Outcome[], propagations: readonly (number | undefined)[] = []) => {
  const statistics = new Statistics(60_000, 0);
  outcomes.forEach((outcome, at) => void statistics.record(outcome, at * 1000));
  propagations.forEach((ms) => statistics.propagated(ms));
  return { from: "west", to, statistics };
};
const good: Outcome = { kind: "answered", latencyMs: 4 };
const bad: Outcome = { kind: "failed", seen: "HTTP 503" };

describe("the lines of a watch", () => {
  it("are one for each pair: success, latencies, the newest endpoint, and since when it does not work", () => {
    const pairs = [pair("east", [good, good], [210, 230]), pair("north", [good, bad, bad]), pair("south", [])];
    expect(pairLines(pairs, 4000)).to.deep.equal([
      "  pair          success     p50   p99   new endpoint",
      "✓ west → east   100% of 2   4 ms  4 ms  0.23 s, median 0.21 s",
      "✗ west → north  33.3% of 3  4 ms  4 ms  -                      HTTP 503, for 3.0 s",
      "? west → south  -           -     -     -                      not asked yet, for 4.0 s",
    ]);
  });

  it("never round a failure away, nor a success", () => {
    const many = (count: number, outcome: Outcome): Outcome[] => Array.from({ length: count }, () => outcome);
    const success = (outcomes: Outcome[]): string => {
      const statistics = new Statistics(Infinity, 0);
      outcomes.forEach((outcome) => void statistics.record(outcome, 0));
      return pairLines([{ from: "a", to: "b", statistics }], 0)[1]?.split(/\s{2,}/)[1] ?? "";
    };
    expect(success([...many(20_000, good), bad])).to.equal("99.9% of 20001");
    expect(success([good, ...many(20_000, bad)])).to.equal("0.1% of 20001");
    expect(success([bad])).to.equal("0% of 1");
  });

  it("end with all that there were", () => {
    const [heading, east] = totalLines([pair("east", [good, bad, { kind: "unasked", why: "west: no pod" }], [100, 300, 200, undefined])]);
    expect(heading?.split(/\s{2,}/)).to.deep.equal(["pair", "requests", "failed", "not asked", "p50", "p99", "max", "new endpoints", "their median", "their max"]);
    expect(east?.split(/\s{2,}/)).to.deep.equal(["west → east", "2", "1", "1", "4 ms", "4 ms", "4 ms", "3 and 1 missed", "0.20 s", "0.30 s"]);
  });

  it("say what changed, and what it had cost", () => {
    const change = { from: "works", to: "fails", seen: "HTTP 503", lastedMs: 5000, failed: 0 } as const;
    expect(changeLine("west", "east", change)).to.equal("✗ west → east fails: HTTP 503");
    expect(changeLine("west", "east", { from: "fails", to: "works", lastedMs: 3210, failed: 1 })).to.equal("✓ west → east works again after 3.2 s, in which 1 request failed");
    expect(changeLine("west", "east", { from: "unknown", to: "works", lastedMs: 3210, failed: 0 })).to.equal("✓ west → east works");
    expect(changeLine("west", "east", { ...change, to: "unknown", seen: "west: no pod" })).to.equal("? west → east cannot be asked: west: no pod");
  });

  it("say times as people do", () => {
    expect([900, 12_345, 119_999, 150_000].map(duration)).to.deep.equal(["0.9 s", "12 s", "119 s", "2 min 30 s"]);
  });
});
