import { expect } from "chai";
import { interruption } from "../../../../airgap/builder/errors";
import { pace, secondsLeft, formatDuration } from "../../../../airgap/builder/forecast";
import { schedule } from "../../../../airgap/builder/schedule";
import type { Step } from "../../../../airgap/builder/step";
import { Tally } from "../../../../airgap/builder/tally";
import { failure, fileStep } from "./support/world";

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const never = new AbortController().signal;

/** Runs a schedule with steps that take a moment. @returns what happened, in order */
async function trace(steps: readonly Step[], fails?: string, signal = never): Promise<string[]> {
  const events: string[] = [];
  const work = {
    async build(step: Step): Promise<void> {
      events.push(`${step.name}+`);
      await tick();
      if (step.name === fails) throw new Error(`${step.name} is broken`);
      events.push(`${step.name}-`);
    },
    async prefetch(step: Step): Promise<void> {
      events.push(`fetch ${step.name}`);
    },
  };
  await schedule(steps, work, signal).catch((error: Error) => events.push(error.message));
  return events;
}

describe("the schedule of the air-gap build", () => {
  it("builds one step of each lane at a time, in parallel", async () => {
    const steps = [fileStep("p1"), fileStep("p2"), fileStep("l1", { lane: "light" }), fileStep("l2", { lane: "light" })];
    const events = await trace(steps);
    expect(events.filter((event) => event.startsWith("p"))).to.deep.equal(["p1+", "p1-", "p2+", "p2-"]);
    expect(events.filter((event) => event.startsWith("l"))).to.deep.equal(["l1+", "l1-", "l2+", "l2-"]);
    expect(events.slice(0, 2)).to.deep.equal(["p1+", "l1+"]);
  });

  it("makes a step wait for what it needs while others are built", async () => {
    const steps = [fileStep("p1"), fileStep("l1", { lane: "light", needs: ["p1"] }), fileStep("l2", { lane: "light" })];
    const events = await trace(steps);
    expect(events.slice(0, 2)).to.deep.equal(["p1+", "l2+"]);
    expect(events.indexOf("l1+")).to.be.greaterThan(Math.max(events.indexOf("p1-"), events.indexOf("l2-")));
  });

  it("fetches what the next step of the processor lane needs meanwhile", async () => {
    const prefetch = async (): Promise<void> => undefined;
    const steps = [fileStep("p1", { prefetch }), fileStep("p2", { prefetch }), fileStep("p3", { prefetch })];
    expect(await trace(steps)).to.deep.equal(["fetch p2", "p1+", "p1-", "fetch p3", "p2+", "p2-", "p3+", "p3-"]);
  });

  it("starts nothing after a failure, and finishes what is running", async () => {
    const steps = [fileStep("p1"), fileStep("l1", { lane: "light" }), fileStep("p2"), fileStep("l2", { lane: "light" })];
    expect(await trace(steps, "p1")).to.deep.equal(["p1+", "l1+", "l1-", "p1 is broken"]);
  });

  it("starts nothing after an interruption", async () => {
    const controller = new AbortController();
    controller.abort(interruption());
    const error = await failure(schedule([fileStep("p1")], { build: tick, prefetch: tick }, controller.signal));
    expect(error.message).to.include("interrupted");
  });
});

describe("the forecast of the air-gap build", () => {
  const step = (name: string, seconds: number, lane: Step["lane"] = "processor"): Step =>
    fileStep(name, { lane, cost: { seconds, diskMiB: 1, memoryMiB: 1 } });

  it("is that of the slower lane", () => {
    expect(secondsLeft([step("a", 100), step("b", 20, "light")], [], [])).to.equal(100);
    expect(secondsLeft([step("b", 20, "light")], [{ step: step("a", 100), elapsed: 90 }], [])).to.equal(20);
  });

  it("follows the pace of the machine, once enough is finished to tell", () => {
    expect(pace([{ step: step("a", 10), seconds: 100 }])).to.equal(1);
    expect(pace([{ step: step("a", 100), seconds: 200 }])).to.equal(2);
    expect(pace([{ step: step("a", 100), seconds: 0 }])).to.equal(0.1);
    expect(secondsLeft([step("b", 50)], [], [{ step: step("a", 100), seconds: 200 }])).to.equal(100);
  });

  it("never counts a running step as finished", () => {
    expect(secondsLeft([], [{ step: step("a", 10), elapsed: 500 }], [])).to.equal(1);
  });

  it("counts what is done and what is left", () => {
    let now = 0;
    const [a, b, c] = [step("a", 100), step("b", 50), step("c", 10, "light")];
    const tally = new Tally([a, b, c], 4, () => now);
    expect([tally.done, tally.left()]).to.deep.equal([4, 150]);
    expect(tally.start(a)).to.equal(5);
    expect(tally.start(c)).to.equal(6);
    now = 40_000;
    tally.finish(c);
    expect([tally.done, tally.left()]).to.deep.equal([5, 110]);
    tally.finish(a, 50);
    expect([tally.done, tally.left()], "half the known seconds: twice as fast").to.deep.equal([6, 25]);
    tally.start(b);
    tally.fail(b);
    expect(tally.made).to.deep.equal([a]);
  });

  it("is shown in seconds, minutes and hours", () => {
    expect([7.4, 89, 90, 1500, 3900].map(formatDuration)).to.deep.equal(["7 s", "89 s", "2 min", "25 min", "1 h 5 min"]);
  });
});
