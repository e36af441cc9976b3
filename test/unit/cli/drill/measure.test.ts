import { expect } from "chai";
import { type Failure, NotPossibleError } from "../../../../cli/drill/failure";
import type { Retries } from "../../../../cli/drill/kinds";
import { Load } from "../../../../cli/drill/load";
import { measure, type Measuring, type Outcome } from "../../../../cli/drill/measure";
import { MeshError } from "../../../../lib/errors";
import { FakeClock } from "./support/fake-clock";
import { FakeMesh } from "./support/fake-mesh";

describe("the measurement of a failure", () => {
  let clock: FakeClock;
  let mesh: FakeMesh;
  let load: Load;
  const streams: Retries[] = ["off"];
  beforeEach(() => {
    clock = new FakeClock();
    mesh = new FakeMesh(clock);
    load = new Load(mesh.send, streams, 50, clock);
  });

  const run = async (change: Partial<Measuring> = {}): Promise<Outcome> => {
    const measuring: Measuring = {
      failure: mesh.failure(),
      sides: { home: "west", elsewhere: "east" },
      load,
      lost: () => false,
      steady: async () => void mesh.done.push("steady"),
      clock,
      signal: new AbortController().signal,
      ...change,
    };
    const outcomes = await measure(measuring);
    expect([...outcomes.keys()]).to.deep.equal([...measuring.load.streams]);
    return outcomes.get("off")!;
  };

  it("makes it once requests are answered, repairs it, and says what it cost", async () => {
    const outcome = await run();
    expect(mesh.done).to.deep.equal(["steady", "made", "repaired"]);
    expect(outcome).to.include({ status: "survived", failingAtTheEnd: false });
    if (!("during" in outcome)) throw new Error("it was measured");
    expect(outcome.during.failed).to.equal(5);
    expect(outcome.before.sent).to.be.greaterThan(95);
    expect(outcome.secondsToElsewhere).to.be.within(0.08, 0.15);
    expect(outcome.secondsToBack).to.be.within(3, 3.1);
  });

  it("is that it was not survived when requests fail until it is repaired", async () => {
    mesh.threshold = Infinity;
    const outcome = await run();
    expect(outcome).to.include({ status: "down", reason: "requests still failed when the failure was repaired" });
  });

  it("is that it was not survived when all is not as before within two minutes of the repair", async () => {
    mesh.backMs = 1e9;
    expect(await run()).to.include({ status: "down", reason: "not as before within 120 s of the repair", secondsToBack: undefined });
  });

  it("begins all the same where both clusters answer, and does not wait for home alone in the end", async () => {
    mesh.mixed = true;
    const outcome = await run();
    expect(outcome).to.include({ status: "survived", secondsToElsewhere: undefined });
    expect(clock.now()).to.be.lessThan(60_000);
  });

  it("waits until home alone answers the one stream that was answered so before, also when another is answered by both", async () => {
    const other = new FakeMesh(clock);
    other.mixed = true;
    load = new Load((retries) => (retries === "off" ? mesh.send(retries) : other.send(retries)), ["off", "on"], 50, clock);
    const failures = [mesh.failure(), other.failure()];
    const both = (what: "make" | "repair") => async (): Promise<void> => void (await Promise.all(failures.map((one) => one[what]())));
    mesh.backMs = 30_000;
    const outcome = await run({ failure: mesh.failure("errors", { make: both("make"), repair: both("repair") }) });
    if (!("secondsToBack" in outcome)) throw new Error("it was measured");
    expect(outcome.secondsToBack).to.be.within(30, 30.1);
  });

  it("is not begun when requests fail before", async () => {
    load = new Load(async () => ({ status: 503 }), streams, 50, clock);
    expect(await run()).to.deep.equal({ status: "unknown", reason: "requests failed before the failure was made, within 90 s (the last with 503)" });
    expect(mesh.done).to.deep.equal([]);
  });

  it("is not begun when nobody answers", async () => {
    const silent = async (): Promise<{ status: number }> => {
      await clock.sleep(5000);
      return { status: 0 };
    };
    load = new Load(silent, streams, 50, clock);
    expect(await run()).to.deep.equal({ status: "unknown", reason: "requests failed before the failure was made, within 90 s (the last without an answer)" });
  });

  it("is unknown when the connection to the client is lost, and the failure is repaired", async () => {
    const outcome = await run({ lost: () => mesh.done.includes("made") });
    expect(outcome).to.deep.equal({ status: "unknown", reason: "the connection to the client was lost" });
    expect(mesh.done).to.include("repaired");
  });

  it("is skipped where the failure cannot be made, and then repairs nothing", async () => {
    const make = () => Promise.reject(new NotPossibleError("no shell"));
    expect(await run({ failure: mesh.failure("frozen-pod", { make }) })).to.deep.equal({ status: "skipped", reason: "no shell" });
    expect(mesh.done).to.deep.equal(["steady"]);
  });

  /** The error with which a measurement ends. */
  const failing = async (change: Partial<Measuring>): Promise<unknown> => run(change).then(() => undefined, (error: unknown) => error);

  it("is unknown when making it went wrong half-way, and the failure is repaired", async () => {
    const outcome = await run({ failure: mesh.failure("errors", { make: () => Promise.reject(new Error("no answer within 10 s")) }) });
    expect(outcome).to.deep.equal({ status: "unknown", reason: "it could not be made: no answer within 10 s" });
    expect(mesh.done).to.deep.equal(["steady", "repaired"]);
  });

  it("repairs the failure when the user presses Ctrl-C while it lasts", async () => {
    const interrupt = new AbortController();
    const wrong = new Error("interrupted");
    const failure: Failure = mesh.failure();
    const make = async (): Promise<void> => {
      await failure.make();
      clock.at(clock.now() + 1000, () => interrupt.abort(wrong));
    };
    expect(await failing({ failure: { ...failure, make }, signal: interrupt.signal })).to.equal(wrong);
    expect(mesh.done).to.deep.equal(["steady", "made", "repaired"]);
  });

  it("ends with the error of a repair that fails: the user has to know", async () => {
    const wrong = new MeshError("drill-not-repaired", "west-control-plane is still paused", "docker unpause west-control-plane");
    expect(await failing({ failure: mesh.failure("errors", { repair: () => Promise.reject(wrong) }) })).to.equal(wrong);
  });

  it("says which failure could not be repaired", async () => {
    const other = await failing({ failure: mesh.failure("errors", { repair: () => Promise.reject(new Error("no answer within 10 s")) }) });
    expect(other).to.be.instanceOf(MeshError).and.have.property("message", "the failure errors could not be repaired: no answer within 10 s");
  });

  it("sends nothing once it has ended, whatever it ended with", async () => {
    await failing({ failure: mesh.failure("errors", { make: () => Promise.reject(new Error("half-way")) }) });
    const { length } = load.samples("off");
    await clock.sleep(1000);
    expect(load.samples("off").length).to.equal(length);
  });
});
