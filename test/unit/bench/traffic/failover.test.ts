import { expect } from "chai";
import { drillArguments, drillOf, failoverSeries, MEASURED } from "../../../../bench/traffic/failover";
import { drillCommand } from "../../../../cli/commands/drill";
import { type DrillReport, reportOf } from "../../../../cli/drill/report";
import { type FailureName, RETRIES, type Retries } from "../../../../cli/drill/kinds";
import type { Outcome, Taken } from "../../../../cli/drill/measure";

const PAIR = { from: "west", to: "east" };
const COUNTS = { sent: 100, failed: 0, failures: {}, answers: { west: 100 } };

/** What a stream took: with retries, another failure's figures would show as other numbers. */
function taken(failed: number, seconds: Partial<Taken> = {}): Taken {
  return { status: "survived", before: COUNTS, during: { ...COUNTS, failed }, after: COUNTS, secondsToElsewhere: 1, secondsToBack: 30, failingAtTheEnd: false, ...seconds };
}

function report(outcome: (failure: FailureName, retries: Retries) => Outcome, left: string[] = []): DrillReport {
  const results = MEASURED.map((failure) => ({ failure, outcomes: new Map(RETRIES.map((retries) => [retries, outcome(failure, retries)] as const)) }));
  return reportOf([{ pair: PAIR, results }], 50, new Date(0).toISOString(), 1, left);
}

const ended = (of: unknown, code = 0): Parameters<typeof drillOf>[0] => ({ code, stdout: JSON.stringify(of), stderr: "mesh: it went wrong" });

describe("the benchmark's drill", () => {
  it("makes the failures in which somebody else can answer, in both directions", () => {
    expect(MEASURED).to.deep.equal(["errors", "no-replica", "frozen-pod", "paused-node"]);
    const args = drillArguments("local", [PAIR, { from: "east", to: "west" }]);
    expect(args.join(" ")).to.equal("drill local --yes --json --pair west:east --pair east:west --only errors --only no-replica --only frozen-pod --only paused-node");
  });

  it("is asked for with arguments that ./mesh drill takes", () => {
    const command = drillCommand();
    const { operands, unknown } = command.parseOptions(drillArguments("local", [PAIR]).slice(1));
    expect({ operands, unknown }).to.deep.equal({ operands: ["local"], unknown: [] });
    expect(command.opts()).to.include({ yes: true, json: true, retries: "both" });
  });

  it("is read when every failure was survived", () => {
    const whole = report(() => taken(0));
    expect(drillOf(ended(whole))).to.deep.equal(whole);
  });

  it("is refused when a failure was not survived, not made or not measured, or when something is left", () => {
    const one = (outcome: Outcome) => report((failure, retries) => (failure === "errors" && retries === "on" ? outcome : taken(0)));
    expect(() => drillOf(ended(one({ ...taken(9), status: "down", reason: "requests still failed" }), 1))).to.throw("west to east, errors, retries on: down: requests still failed");
    expect(() => drillOf(ended(one({ status: "unknown", reason: "the connection was lost" }), 1))).to.throw("retries on: unknown: the connection was lost");
    expect(() => drillOf(ended(one({ status: "skipped", reason: "no kind cluster" })))).to.throw("retries on: skipped: no kind cluster");
    expect(() => drillOf(ended(report(() => taken(0), ["a namespace is left"]), 1))).to.throw("a namespace is left");
  });

  it("is refused without a report", () => {
    expect(() => drillOf({ code: 2, stdout: "", stderr: "mesh: another drill is running" })).to.throw("ended with 2 and without a report: mesh: another drill is running");
    expect(() => drillOf(ended({ version: 2 }))).to.throw("without a report");
  });
});

describe("the series of drills", () => {
  it("have the values of all drills in their order: times without retries, failed requests without and with", () => {
    const drill = (add: number): DrillReport =>
      report((failure, retries) => {
        const at = MEASURED.indexOf(failure) * 10 + add;
        return retries === "off" ? taken(at, { secondsToElsewhere: at + 0.5, secondsToBack: at + 30 }) : taken(at + 100, { secondsToElsewhere: 99, secondsToBack: 99 });
      });
    const series = failoverSeries([drill(1), drill(2)]);
    expect(series).to.have.length(16);
    expect(series.slice(4, 8)).to.deep.equal([
      { name: "no-replica of west, asked from west: first answer from elsewhere", side: "usmesh", unit: "s", values: [11.5, 12.5] },
      { name: "no-replica of west, asked from west: first answer from home after the repair", side: "usmesh", unit: "s", values: [41, 42] },
      { name: "no-replica of west, asked from west: requests that failed", side: "usmesh", unit: "count", values: [11, 12] },
      { name: "no-replica of west, asked from west: requests that failed, with retries", side: "usmesh", unit: "count", values: [111, 112] },
    ]);
    expect(series[12]?.name).to.equal("paused-node of east, asked from west: first answer from elsewhere");
  });

  it("are refused where a drill has no such moment, or has not made the failure", () => {
    const gone = report((failure) => taken(0, failure === "errors" ? { secondsToBack: undefined } : {}));
    expect(() => failoverSeries([report(() => taken(0)), gone])).to.throw("the drill from west to east gave no figure for errors with retries off");
    const other = { ...gone, pairs: [] };
    expect(() => failoverSeries([report(() => taken(0)), other])).to.throw("gave no figure");
  });
});
