import { expect } from "chai";
import { Beside, onlySomeTests } from "../../e2e/support/beside";

describe("tests that run beside others", () => {
  it("run one after another once they are begun, also after one that failed, and what comes last comes last", async () => {
    const done: string[] = [];
    const note = (what: string) => async (): Promise<void> => {
      done.push(`${what} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      done.push(`${what} ends`);
      if (what === "a") throw new Error("broken");
    };
    const beside = new Beside({ before: note("before"), after: note("after") });
    for (const title of ["a", "b"]) beside.test(title, note(title));
    expect(done).to.deep.equal([]);
    beside.begin();
    beside.begin();
    await beside.end();
    expect(done).to.deep.equal(["before", "a", "b", "after"].flatMap((what) => [`${what} begins`, `${what} ends`]));
  });

  it("do nothing, at the end either, when none was wanted", async () => {
    const fail = (): Promise<void> => Promise.reject(new Error("it ran"));
    await new Beside({ before: fail, after: fail }).end();
  });

  describe("and are reported", () => {
    const beside = new Beside({ before: () => Promise.resolve(), after: () => Promise.resolve() });
    let ran = 0;
    beside.test("begins with the first that is waited for", async () => void (ran += 1));
    beside.tests();
    after(() => expect(ran).to.equal(1));
  });

  it("do not run when what comes before them fails, and what comes last is done all the same", async () => {
    const done: string[] = [];
    const beside = new Beside({ before: () => Promise.reject(new Error("no engine")), after: async () => void done.push("after") });
    beside.test("a", async () => void done.push("a"));
    beside.begin();
    await beside.end();
    expect(done).to.deep.equal(["after"]);
  });

  it("are not begun where mocha is asked for some tests alone", () => {
    expect(onlySomeTests(["node", "mocha", "--grep", "x"])).to.equal(true);
    expect(onlySomeTests(["node", "mocha", "--grep=x"])).to.equal(true);
    expect(onlySomeTests(["node", "mocha", "--greppable", "a.test.ts"])).to.equal(false);
  });
});
