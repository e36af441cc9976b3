import { expect } from "chai";
import { interruptible } from "../../../../cli/live/interrupt";

describe("work that Ctrl-C ends", () => {
  const listeners = (): number => process.listenerCount("SIGINT") + process.listenerCount("SIGTERM");

  it("gets a signal that is aborted with the reason, once, and leaves no listener", async () => {
    const before = listeners();
    const reason = new Error("interrupted");
    const seen = await interruptible(reason, async (signal) => {
      process.emit("SIGTERM");
      // The next one would end the process, as without this.
      expect(listeners()).to.equal(before);
      return [signal.aborted, signal.reason as unknown];
    });
    expect(seen).to.deep.equal([true, reason]);
  });

  it("leaves no listener when it ends or fails by itself", async () => {
    const before = listeners();
    expect(await interruptible(new Error("unused"), async (signal) => signal.aborted)).to.equal(false);
    const failure = new Error("broken");
    expect(await interruptible(new Error("unused"), () => Promise.reject(failure)).catch((error: unknown) => error)).to.equal(failure);
    expect(listeners()).to.equal(before);
  });
});
