import { expect } from "chai";
import { type Finding, findingFactory } from "../../../../../cli/verify/finding";
import { reportOf } from "../../../../../cli/verify/report/json";
import { textReport } from "../../../../../cli/verify/report/text";

const open = findingFactory("gateways.open");
const diagnosis = { reason: "nothing arrives", cause: "a firewall", remedy: "allow 15443" };
const passed = open.pass({ cluster: "west", peer: "east" }, "192.0.2.1:15443 accepts connections");
const failed = open.fail({ cluster: "east", peer: "west" }, "192.0.2.2:15443: no answer", diagnosis);
const warned = findingFactory("logs.errors").warn({ cluster: "west" }, "2 × x", diagnosis);
const skipped = findingFactory("trust.signing").skip({ cluster: "west" }, "no proxy runs here");
const unknown = (check: Finding["check"], cluster: string, why: string): Finding => findingFactory(check as "trust.key").unknown({ cluster }, why);

const lines = (...findings: Finding[]): string[] => textReport(reportOf(findings, ["west", "east"], "2026-01-01T00:00:00.000Z", 3), false).split("\n");
const verdict = (...findings: Finding[]): string => lines(...findings).pop() ?? "";

describe("verify's report as text", () => {
  it("groups by category, and says under what is wrong why, the cause, the fix and where to read more", () => {
    expect(lines(failed, passed, warned)).to.deep.equal([
      "gateways",
      "  ✗ east → west  open: 192.0.2.2:15443: no answer",
      "      why    nothing arrives",
      "      cause  a firewall",
      "      fix    allow 15443",
      "      see    docs/checks.md#gateways.open",
      "  ✓ west → east  open: 192.0.2.1:15443 accepts connections",
      "",
      "logs",
      "  ‼ west  errors: 2 × x",
      "      why    nothing arrives",
      "      cause  a firewall",
      "      fix    allow 15443",
      "      see    docs/checks.md#logs.errors",
      "",
      "the mesh does not work as it should: 1 passed, 1 warning, 1 failed, 2 clusters, 3.0 s",
    ]);
  });

  it("names the section of a check that could not look", () => {
    expect(lines(unknown("trust.cacerts", "west", "secrets is forbidden")).slice(0, 3)).to.deep.equal([
      "trust",
      "  ? west  cacerts: secrets is forbidden",
      "      see    docs/checks.md#trust.cacerts",
    ]);
  });

  it("puts checks of a cluster that could not look for the same reason in one line", () => {
    const found = ["trust.cacerts", "trust.chain"].map((check) => unknown(check, "west", "west could not be read"));
    expect(lines(...found, unknown("trust.cacerts", "east", "secrets is forbidden")).slice(0, 5)).to.deep.equal([
      "trust",
      "  ? west  cacerts, chain: west could not be read",
      "      see    docs/checks.md#unknown",
      "  ? east  cacerts: secrets is forbidden",
      "      see    docs/checks.md#trust.cacerts",
    ]);
  });

  it("says that the mesh works only when everything that applies was looked at and nothing fails", () => {
    expect(verdict(passed, warned, skipped)).to.match(/^the mesh works: 1 passed, 1 warning, 1 skipped, 0 failed/);
    expect(verdict(passed, unknown("trust.key", "west", "no answer"))).to.match(/^whether the mesh works is not known.*: 1 passed, 1 unknown, 0 failed/);
    expect(verdict(failed, unknown("trust.key", "west", "no answer"))).to.match(/^the mesh does not work as it should: 0 passed, 1 unknown, 1 failed/);
    expect(verdict(skipped)).to.match(/^no check applies/);
  });

  it("is coloured where that is asked for", () => {
    const report = reportOf([passed], ["west"], "2026-01-01T00:00:00.000Z", 3);
    expect(textReport(report, true)).to.contain("\u001b[32m✓");
    expect(textReport(report, false)).not.to.contain("\u001b[");
  });
});
