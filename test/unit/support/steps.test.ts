import { expect } from "chai";
import Mocha from "mocha";
import { inSteps } from "../../support/steps";

describe("tests in steps", () => {
  /** Runs suites of tests that pass (`+`) or fail (`-`), and tells by suite and place which ones passed, failed and were left out. */
  const run = (suites: Readonly<Record<string, string>>): Promise<string[]> => {
    const mocha = new Mocha({ reporter: class {} as unknown as Mocha.ReporterConstructor });
    for (const [title, outcomes] of Object.entries(suites)) {
      const suite = Mocha.Suite.create(mocha.suite, title);
      inSteps(suite);
      [...outcomes].forEach((outcome, place) => suite.addTest(new Mocha.Test(String(place), () => expect(outcome).to.equal("+"))));
    }
    return new Promise((resolve) => {
      const seen: string[] = [];
      const note = (sign: string) => (test: Mocha.Test) => void seen.push(`${sign}${test.parent!.title}${test.title}`);
      const runner = mocha.run(() => resolve(seen));
      runner.on("pass", note("+")).on("fail", note("-")).on("pending", note("?"));
    });
  };

  it("all run while none fails", async () => {
    expect(await run({ a: "++" })).to.deep.equal(["+a0", "+a1"]);
  });

  it("are skipped, and counted as that, once one has failed", async () => {
    expect(await run({ a: "+-++" })).to.deep.equal(["+a0", "-a1", "?a2", "?a3"]);
  });

  it("run whatever failed in other suites", async () => {
    expect(await run({ a: "-+", b: "++" })).to.deep.equal(["-a0", "?a1", "+b0", "+b1"]);
  });
});
