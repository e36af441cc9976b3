import { expect } from "chai";
import type { Outcome } from "../../../../cli/drill/measure";
import type { PairResult } from "../../../../cli/drill/pair";
import { reportOf } from "../../../../cli/drill/report";
import { textReport } from "../../../../cli/drill/text";
import { foundFor, taken } from "./support/report";

const text = (...pairs: PairResult[]): string[] => textReport(reportOf(pairs, 50, "2026-01-01T12:00:00.000Z", 74.6)).split("\n");
const skipped: Outcome = { status: "skipped", reason: "east is not a kind cluster" };

describe("the text of a drill", () => {
  it("is a table for each pair, and a summary", () => {
    const lost = taken({ during: { sent: 500, failed: 0, failures: {}, answers: {} }, secondsFailing: undefined });
    expect(text(foundFor({ errors: { off: taken(), on: lost } }))).to.deep.equal([
      "west -> east: 50 requests a second from a client in west",
      "  failure  retries  sent  failed  failing for  elsewhere after  back after",
      "  errors   off      600   5       0.20 s       0.31 s           30.50 s",
      "  errors   on       600   0       -            0.31 s           30.50 s",
      "",
      "every failure was survived: 2 survived, 75 s",
    ]);
  });

  it("marks what was not survived, with the reason", () => {
    const lines = text(foundFor({ errors: { off: taken({ status: "down", reason: "requests still failed" }) } }));
    expect(lines[2]).to.match(/30\.50 s {5}DOWN: requests still failed$/);
    expect(lines.pop()).to.equal("not every failure was survived: 1 down, 75 s");
  });

  it("says once why a failure was not made, with or without retries", () => {
    const lines = text(foundFor({ errors: { off: taken() }, "paused-node": { off: skipped, on: skipped } }));
    expect(lines.filter((line) => line.includes("paused-node"))).to.deep.equal(["  paused-node: skipped: east is not a kind cluster"]);
    expect(lines.pop()).to.equal("every failure was survived: 1 survived, 2 skipped, 75 s");
  });

  it("names what is left in the clusters", () => {
    const report = reportOf([foundFor({ errors: { off: taken() } })], 50, "2026-01-01T12:00:00.000Z", 74.6, ["west: still there"]);
    expect(textReport(report).split("\n").slice(-4)).to.deep.equal(["left in the clusters, for the next drill to remove:", "  west: still there", "", "every failure was survived: 1 survived, 75 s"]);
  });

  it("has no table where nothing was made", () => {
    expect(text(foundFor({ "paused-node": { off: skipped } }, undefined))).to.deep.equal([
      "west -> east: 50 requests a second from a client in west",
      "  paused-node: skipped: east is not a kind cluster",
      "",
      "no failure could be made: 1 skipped, 75 s",
    ]);
  });

  const failover = (outlierDetection: boolean, locality: boolean): string => text(foundFor({ errors: { off: taken() } }, { outlierDetection, locality })).join("\n");

  it("says what of failover is not configured, and where to read about it", () => {
    expect(failover(false, false)).to.match(/not configured in this mesh: .*no outlier detection.*; .*no locality.*docs\/drill\.md#failover/);
    expect(failover(true, false)).to.match(/no locality/).and.not.match(/no outlier/);
    expect(failover(false, true)).to.match(/no outlier/).and.not.match(/no locality/);
    expect(failover(true, true)).not.to.contain("not configured");
  });
});
