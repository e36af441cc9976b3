import { expect } from "chai";
import { allSettled } from "../../support/settled";

describe("waiting for several things", () => {
  it("gives what they gave, in their order", async () => {
    const later = new Promise<number>((resolve) => setImmediate(() => resolve(1)));
    expect(await allSettled([later, Promise.resolve(2)])).to.deep.equal([1, 2]);
  });

  it("fails as the first that failed, once all have ended", async () => {
    let over = false;
    const later = new Promise<void>((resolve) => setImmediate(resolve)).then(() => void (over = true));
    const error = await allSettled([Promise.reject(new Error("first")), later, Promise.reject(new Error("second"))]).catch((thrown: Error) => thrown);
    expect(error).to.have.property("message", "first");
    expect(over).to.equal(true);
  });
});
