import { expect } from "chai";
import { exitCode, findingFactory } from "../../../../cli/verify/finding";

const check = findingFactory("gateways.open");
const diagnosis = { reason: "nothing arrives", cause: "a firewall", remedy: "allow 15443" };
const passed = check.pass({}, "open");
const warned = check.warn({}, "slow", diagnosis);
const failed = check.fail({}, "closed", diagnosis);
const unknown = check.unknown({}, "no answer");
const skipped = check.skip({}, "no gateway");

describe("a finding", () => {
  it("names its check, category and document", () => {
    expect(check.fail({ cluster: "west", peer: "east" }, "closed", diagnosis)).to.deep.equal({
      check: "gateways.open",
      category: "gateways",
      cluster: "west",
      peer: "east",
      status: "fail",
      seen: "closed",
      ...diagnosis,
      docs: "docs/checks.md#gateways.open",
    });
  });
});

describe("the exit code of verify", () => {
  it("is 1 when anything fails", () => expect(exitCode([passed, failed])).to.equal(1));
  it("is 1 when anything could not be looked at, even if all else passes", () => expect(exitCode([passed, warned, unknown])).to.equal(1));
  it("is 1 when nothing could be looked at", () => expect(exitCode([unknown])).to.equal(1));
  it("is 0 when nothing fails, warnings and checks that do not apply among it", () => expect(exitCode([passed, warned, skipped])).to.equal(0));
  it("is 2 when no check applies", () => {
    expect(exitCode([skipped])).to.equal(2);
    expect(exitCode([])).to.equal(2);
  });
});
