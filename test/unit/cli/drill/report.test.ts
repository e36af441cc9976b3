import { expect } from "chai";
import type { Outcome } from "../../../../cli/drill/measure";
import { drillReport, reportOf } from "../../../../cli/drill/report";
import { foundFor, taken } from "./support/report";

const TIME = "2026-01-01T12:00:00.000Z";
const skipped: Outcome = { status: "skipped", reason: "east is not a kind cluster" };
const unknown: Outcome = { status: "unknown", reason: "the connection to the client was lost" };
const down = taken({ status: "down", reason: "requests still failed" });

describe("the report of a drill", () => {
  it("is what its schema says, whatever was found", () => {
    const found = foundFor({ errors: { off: taken(), on: down }, "paused-node": { off: skipped, on: skipped }, "frozen-api-server": { off: unknown } });
    const report = reportOf([found, foundFor({}, undefined)], 50, TIME, 123.456);
    expect(drillReport.parse(JSON.parse(JSON.stringify(report)))).to.deep.equal(report);
    expect(report).to.include({ version: 1, time: TIME, seconds: 123.5, rate: 50 });
  });

  it("counts the requests from the failure on, and has those before it apart", () => {
    const [result] = reportOf([foundFor({ errors: { off: taken() } })], 50, TIME, 1).pairs[0]?.results ?? [];
    expect(result).to.include({ failure: "errors", retries: "off", status: "survived", home: "west", elsewhere: "east", sent: 600, failed: 5 });
    expect(result).to.include({ secondsToElsewhere: 0.31, secondsFailing: 0.2, secondsToBack: 30.5 });
  });

  it("has null where there is no such moment, and where no other cluster has the service", () => {
    const untouched = taken({ secondsToElsewhere: undefined, secondsFailing: undefined, secondsToBack: undefined });
    const [result] = reportOf([foundFor({ "frozen-api-server": { off: untouched } }, undefined)], 50, TIME, 1).pairs[0]?.results ?? [];
    expect(result).to.include({ home: "east", elsewhere: null, secondsToElsewhere: null, secondsFailing: null, secondsToBack: null });
  });

  /** The exit code of a run of several pairs, in each of which one failure had this outcome. */
  const code = (...outcomes: Outcome[]): number => reportOf(outcomes.map((off) => foundFor({ errors: { off } })), 50, TIME, 1).exitCode;

  it("has the exit code 0 when every failure that was made was survived", () => {
    expect(code(taken())).to.equal(0);
    expect(code(taken(), skipped)).to.equal(0);
  });

  it("has the exit code 1 when one was not, or could not be measured", () => {
    expect(code(taken(), down)).to.equal(1);
    expect(code(taken(), unknown)).to.equal(1);
  });

  it("has the exit code 2 when none could be made", () => expect(code(skipped, skipped)).to.equal(2));
});
