import { expect } from "chai";
import { resultOfMocha, type ReportLine } from "../../../../tools/test/report";

const lines = (...all: ReportLine[]): string => all.map((line) => `${JSON.stringify(line)}\n`).join("");
const PASS = [{ event: "start", title: "a" }, { event: "pass" }] as const;
const END = { event: "end" } as const;

describe("the report of a mocha run", () => {
  const messages = (report: string, code: number, overLimitMinutes?: number): string[] =>
    resultOfMocha("unit", report, { code, ...(overLimitMinutes === undefined ? {} : { overLimitMinutes }) }).failures.map(({ message }) => message);

  it("gives the counts, and the failures with their titles", () => {
    const failure = { event: "fail", title: "suite does it", message: "no" } as const;
    const { passed, skipped, failures } = resultOfMocha("unit", lines(...PASS, { event: "skip" }, failure, END), { code: 1 });
    expect({ passed, skipped, failures }).to.deep.equal({ passed: 1, skipped: 1, failures: [{ title: "suite does it", message: "no" }] });
  });

  it("adds up what the tests and hooks of each file took, the slowest first", () => {
    const took = (file: string, ms: number): ReportLine => ({ event: "took", file, title: `a test of ${file}`, ms });
    const { files } = resultOfMocha("unit", lines(...PASS, took("a.test.ts", 500), took("b.test.ts", 900), took("a.test.ts", 1000), END), { code: 0 });
    expect(files).to.deep.equal([
      { file: "a.test.ts", seconds: 1.5 },
      { file: "b.test.ts", seconds: 0.9 },
    ]);
  });

  it("names the tests and hooks that took a second or longer, the slowest first", () => {
    const took = (title: string, ms: number): ReportLine => ({ event: "took", file: "a.test.ts", title, ms });
    const { tests } = resultOfMocha("unit", lines(...PASS, took("quick", 999), took("slow", 1000), took("slower", 2500), END), { code: 0 });
    expect(tests).to.deep.equal([
      { title: "slower", seconds: 2.5 },
      { title: "slow", seconds: 1 },
    ]);
  });

  it("never passes a run that crashed, found nothing, or failed without a failing test", () => {
    expect(messages("", 134)).to.deep.equal(["the run ended early, exit code 134"]);
    expect(messages(`${lines(...PASS)}{"event": "e`, 1)).to.deep.equal(["the run ended early, exit code 1"]);
    expect(messages(lines(END), 0)).to.deep.equal(["no test was found"]);
    expect(messages(lines(...PASS, END), 7)).to.deep.equal(["every test passed, but the exit code was 7"]);
    expect(messages(lines(...PASS, END), 0)).to.deep.equal([]);
  });

  it("names the test in which a run broke off", () => {
    expect(messages(lines(...PASS, { event: "start", title: "suite waits" }), 143)).to.deep.equal(['the run ended early, exit code 143, in "suite waits"']);
    expect(messages(lines({ event: "start", title: "suite waits" }), 143, 15)).to.deep.equal(['ended after its limit of 15 minutes, in "suite waits"']);
  });

  it("fails a run whose process did not end after the last test, and says what was open", () => {
    expect(messages(lines(...PASS, END, { event: "stuck", resources: "TCPServerWrap" }), 1)[0]).to.contain("still open (TCPServerWrap)");
  });
});
