import { expect } from "chai";
import { findingFactory } from "../../../../../cli/verify/finding";
import { reportOf, verifyReport } from "../../../../../cli/verify/report/json";

const check = findingFactory("gateways.open");
const diagnosis = { reason: "nothing arrives", cause: "a firewall", remedy: "allow 15443" };
const findings = [
  check.pass({ cluster: "west", peer: "east" }, "open"),
  check.fail({ cluster: "east", peer: "west" }, "closed", diagnosis),
  check.warn({}, "slow", diagnosis),
  check.unknown({}, "no answer"),
  check.unknown({}, "no permission"),
  check.skip({}, "no gateway"),
];
const TIME = "2026-01-01T00:00:00.000Z";

describe("verify's report as JSON", () => {
  it("conforms to its schema, version 1", () => {
    const read = verifyReport.parse(JSON.parse(JSON.stringify(reportOf(findings, ["west", "east"], TIME, 4.26))));
    expect(read.version).to.equal(1);
    expect(read.summary).to.deep.equal({ pass: 1, warn: 1, fail: 1, unknown: 2, skip: 1 });
    expect(read.seconds).to.equal(4.3);
    expect(read.exitCode).to.equal(1);
    expect(read.findings.map(({ docs }) => docs)).to.deep.equal(findings.map(() => "docs/checks.md#gateways.open"));
  });

  it("keeps the fields that version 1 has had from the beginning", () => {
    expect(Object.keys(verifyReport.shape)).to.include.members(["version", "time", "clusters", "seconds", "summary", "exitCode", "findings"]);
    expect(Object.keys(verifyReport.shape.summary.shape)).to.include.members(["pass", "warn", "fail", "skip"]);
    expect(Object.keys(verifyReport.shape.findings.element.shape)).to.include.members(["check", "category", "cluster", "peer", "status", "seen", "reason", "cause", "remedy"]);
  });

  it("refuses what the schema does not name", () => {
    const report = reportOf(findings, ["west"], TIME, 1);
    expect(verifyReport.safeParse({ ...report, extra: 1 }).success).to.equal(false);
    expect(verifyReport.safeParse({ ...report, findings: [{ ...findings[0], status: "maybe" }] }).success).to.equal(false);
  });
});
