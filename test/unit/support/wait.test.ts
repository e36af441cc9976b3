import { expect } from "chai";
import { until } from "../../support/wait";

describe("a wait in the tests", () => {
  it("ends with what the look gave", async () => {
    let looks = 0;
    expect(await until("the third look", () => ++looks === 3 && "there", { intervalMs: 1 })).to.equal("there");
    expect(looks).to.equal(3);
  });

  it("fails in the end, and says what was waited for and what was seen last", async () => {
    const failure = async (seen?: () => unknown): Promise<string> =>
      until("the lock", () => undefined, { timeoutMs: 5, intervalMs: 1, ...(seen ? { seen } : {}) }).then(String, (error: Error) => error.message);
    expect(await failure()).to.equal("waited 0.005 s for the lock; last seen: undefined");
    expect(await failure(() => ({ holder: 7 }))).to.equal("waited 0.005 s for the lock; last seen: { holder: 7 }");
    expect(await failure(() => "all of\nits output")).to.equal("waited 0.005 s for the lock; last seen: all of\nits output");
  });

  it("fails at once when the look does", async () => {
    const failure = await until("x", () => Promise.reject(new Error("forbidden"))).catch((error: Error) => error.message);
    expect(failure).to.equal("forbidden");
  });
});
