import { expect } from "chai";
import { pooled } from "../../../../cli/live/pooled";

describe("work in a pool", () => {
  it("has its results in the order of the items, and never more at a time than was said", async () => {
    let running = 0;
    let most = 0;
    const results = await pooled([3, 1, 2, 0], 2, async (item) => {
      most = Math.max(most, ++running);
      for (let step = 0; step < item; step += 1) await Promise.resolve();
      running -= 1;
      return item * 10;
    });
    expect(results).to.deep.equal([30, 10, 20, 0]);
    expect(most).to.equal(2);
    expect(await pooled([], 2, () => Promise.reject(new Error("no")))).to.deep.equal([]);
  });
});
