import { expect } from "chai";
import { exitCode, reporter } from "../../../../cli/verify/finding";
import { reportOf, verifyReport } from "../../../../cli/verify/report/json";
import { textReport } from "../../../../cli/verify/report/text";

const check = reporter("gateways", "open");
const diagnosis = { reason: "nothing arrives", cause: "a firewall", remedy: "allow 15443" };
const passed = check.pass({ cluster: "west", peer: "east" }, "192.0.2.1:15443 accepts connections");
const failed = check.fail({ cluster: "east", peer: "west" }, "192.0.2.2:15443: no answer", diagnosis);
const warned = reporter("logs", "errors").warn({ cluster: "west" }, "2 × x", diagnosis);
const skipped = reporter("trust", "chain").skip({}, "not read");
const TIME = "2026-01-01T00:00:00.000Z";

describe("verify's report", () => {
  it("ends with 1 when anything fails, 2 when nothing could be judged, else 0", () => {
    expect(exitCode([passed, failed])).to.equal(1);
    expect(exitCode([passed, warned, skipped])).to.equal(0);
    expect(exitCode([skipped])).to.equal(2);
    expect(exitCode([])).to.equal(2);
  });

  it("as JSON keeps to its schema, version 1", () => {
    const report = reportOf([passed, failed, warned, skipped], ["west", "east"], TIME, 4.26);
    const read = verifyReport.parse(JSON.parse(JSON.stringify(report)));
    expect(read.version).to.equal(1);
    expect(read.summary).to.deep.equal({ pass: 1, warn: 1, fail: 1, skip: 1 });
    expect(read.seconds).to.equal(4.3);
    expect(Object.keys(verifyReport.shape)).to.deep.equal(["version", "time", "clusters", "seconds", "summary", "exitCode", "findings"]);
    expect(Object.keys(verifyReport.shape.findings.element.shape)).to.deep.equal(["check", "category", "cluster", "peer", "status", "seen", "reason", "cause", "remedy"]);
  });

  it("as JSON refuses what the schema does not name", () => {
    const report = reportOf([passed], ["west"], TIME, 1);
    expect(verifyReport.safeParse({ ...report, extra: 1 }).success).to.equal(false);
    expect(verifyReport.safeParse({ ...report, findings: [{ ...passed, status: "maybe" }] }).success).to.equal(false);
  });

  it("as text groups by category, and says why, the cause and the remedy under what is wrong", () => {
    const text = textReport(reportOf([failed, passed, warned], ["west", "east"], TIME, 3), false);
    expect(text).to.equal(
      [
        "gateways",
        "  ✗ east → west  open: 192.0.2.2:15443: no answer",
        "      why    nothing arrives",
        "      cause  a firewall",
        "      mend   allow 15443",
        "  ✓ west → east  open: 192.0.2.1:15443 accepts connections",
        "",
        "logs",
        "  ‼ west  errors: 2 × x",
        "      why    nothing arrives",
        "      cause  a firewall",
        "      mend   allow 15443",
        "",
        "the mesh does not work as it should: 1 passed, 1 warnings, 1 failed, 2 clusters, 3.0 s",
      ].join("\n"),
    );
  });
});
