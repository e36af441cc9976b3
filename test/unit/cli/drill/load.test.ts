import { expect } from "chai";
import { Load, type Send } from "../../../../cli/drill/load";
import { FakeClock } from "./support/fake-clock";

describe("the load of a drill", () => {
  let clock: FakeClock;
  beforeEach(() => (clock = new FakeClock()));

  const instant: Send = async () => ({ status: 200, servedBy: "west" });

  it("sends so many requests a second, for each stream", async () => {
    const load = new Load(instant, ["off", "on"], 50, clock);
    load.start();
    await clock.sleep(9_999);
    await load.stop();
    for (const stream of ["off", "on"] as const) expect(load.samples(stream).length).to.be.within(499, 501);
  });

  it("sends at the same rate while nobody answers", async () => {
    let open = 0;
    const silent: Send = async () => {
      open += 1;
      await clock.sleep(8000);
      return { status: 0 };
    };
    const load = new Load(silent, ["off"], 50, clock);
    load.start();
    await clock.sleep(4000);
    expect(open).to.be.within(199, 202);
    expect(load.samples("off")).to.deep.equal([]);
    await load.stop();
    expect(load.samples("off").length, "all are waited for").to.equal(open);
  });

  it("knows of each request when it was sent, when it ended, and who answered", async () => {
    const slow: Send = async () => {
      await clock.sleep(40);
      return { status: 503 };
    };
    const load = new Load(slow, ["on"], 10, clock);
    load.start();
    await clock.sleep(50);
    await load.stop();
    expect(load.samples("on")[0]).to.deep.equal({ retries: "on", sent: 0, ended: 40, status: 503 });
  });

  it("knows which requests of a stream have ended since a moment, that moment included", async () => {
    const slow: Send = async () => {
      await clock.sleep(40);
      return { status: 200, servedBy: "west" };
    };
    const load = new Load(slow, ["off", "on"], 10, clock);
    load.start();
    await clock.sleep(350);
    await load.stop();
    expect(load.samples("on", 140)).to.deep.equal(load.samples("on").slice(1)).and.have.length(3);
    expect(load.samples("on", 1_000)).to.deep.equal([]);
  });

  it("leaves out what it was too late for, and does not send it all at once", async () => {
    const bursts = new Map<number, number>();
    const send: Send = async () => {
      bursts.set(clock.now(), (bursts.get(clock.now()) ?? 0) + 1);
      return { status: 200 };
    };
    // The process stood still for ten seconds.
    const stuck = { now: () => clock.now(), sleep: (ms: number) => clock.sleep(clock.now() >= 1000 && clock.now() < 1010 ? 10_000 : ms) };
    const load = new Load(send, ["off"], 100, stuck);
    load.start();
    await clock.sleep(13_000);
    await load.stop();
    expect(Math.max(...bursts.values())).to.be.within(2, 27);
  });

  it("sends nothing after it was stopped", async () => {
    const load = new Load(instant, ["off"], 50, clock);
    load.start();
    await clock.sleep(1000);
    await load.stop();
    const { length } = load.samples("off");
    await clock.sleep(1000);
    expect(load.samples("off").length).to.equal(length);
  });
});
