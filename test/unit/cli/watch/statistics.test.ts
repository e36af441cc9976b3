import { expect } from "chai";
import fc from "fast-check";
import { type Outcome, Statistics } from "../../../../cli/watch/statistics";

const answered = (latencyMs: number): Outcome => ({ kind: "answered", latencyMs });
const failed: Outcome = { kind: "failed", seen: "HTTP 503" };
const unasked: Outcome = { kind: "unasked", why: "west: no pod" };

describe("what is known of a pair", () => {
  it("is how its last request ended, and since when; nothing before the first", () => {
    const pair = new Statistics(60_000, 0);
    expect(pair.state(500)).to.deep.equal({ state: "unknown", forMs: 500 });
    expect(pair.record(answered(3), 1000)).to.deep.equal({ from: "unknown", to: "works", seen: undefined, lastedMs: 1000, failed: 0 });
    expect(pair.record(answered(4), 1500)).to.equal(undefined);
    expect(pair.record(failed, 2000)).to.deep.equal({ from: "works", to: "fails", seen: "HTTP 503", lastedMs: 1000, failed: 0 });
    expect(pair.record(failed, 2500)).to.equal(undefined);
    expect(pair.state(3000)).to.deep.equal({ state: "fails", forMs: 1000, seen: "HTTP 503" });
    expect(pair.record(answered(2), 4000)).to.deep.equal({ from: "fails", to: "works", seen: undefined, lastedMs: 2000, failed: 2 });
    expect(pair.record(unasked, 5000)).to.include({ from: "works", to: "unknown", seen: "west: no pod" });
    expect(pair.state(5000)).to.deep.equal({ state: "unknown", forMs: 0, seen: "west: no pod" });
  });

  it("is the requests of the last minute, and apart from them all that there were", () => {
    const pair = new Statistics(60_000, 0);
    pair.record(failed, 0);
    for (let at = 1; at <= 100; at += 1) pair.record(answered(at), at * 1000);
    expect(pair.window(100_000)).to.deep.equal({ answered: 60, failed: 0, unasked: 0, p50: 70, p99: 100, max: 100 });
    expect(pair.totals()).to.deep.equal({ answered: 100, failed: 1, unasked: 0, p50: 50, p99: 99, max: 100 });
    expect(pair.window(200_000)).to.deep.equal({ answered: 0, failed: 0, unasked: 0 });
  });

  it("counts what could not be asked as neither success nor failure", () => {
    const pair = new Statistics(60_000, 0);
    pair.record(unasked, 0);
    expect(pair.totals()).to.deep.equal({ answered: 0, failed: 0, unasked: 1 });
  });

  it("has quantiles that are latencies which occurred, in order, with at least their share below", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 300 }), (latencies) => {
        const pair = new Statistics(Infinity, 0);
        latencies.forEach((latency, at) => void pair.record(answered(latency), at));
        const { p50 = -1, p99 = -1, max } = pair.totals();
        const upTo = (bound: number): number => latencies.filter((latency) => latency <= bound).length / latencies.length;
        expect(latencies).to.include.members([p50, p99]);
        expect(max).to.equal(Math.max(...latencies));
        expect([upTo(p50) >= 0.5, upTo(p50 - 1) < 0.5, upTo(p99) >= 0.99, upTo(p99 - 1) < 0.99]).to.deep.equal([true, true, true, true]);
        expect(pair.window(latencies.length)).to.deep.equal(pair.totals());
      }),
    );
  });

  it("is the times from a new endpoint to its first request, and how often there was none", () => {
    const pair = new Statistics(60_000, 0);
    expect(pair.propagation()).to.deep.equal({ times: 0, missed: 0 });
    for (const ms of [300, 100, undefined, 200]) pair.propagated(ms);
    expect(pair.propagation()).to.deep.equal({ times: 3, missed: 1, last: 200, median: 200, max: 300 });
  });

  it("is counted by bounds, each with all that is below it", () => {
    const pair = new Statistics(60_000, 0);
    for (const latency of [1, 5, 5, 80]) pair.record(answered(latency), 0);
    expect(pair.histogram("latency", [1, 5, 10])).to.deep.equal({ buckets: [[1, 1], [5, 3], [10, 3]], sum: 91, count: 4 });
    pair.propagated(250);
    expect(pair.histogram("propagation", [100, 500])).to.deep.equal({ buckets: [[100, 0], [500, 1]], sum: 250, count: 1 });
  });
});
