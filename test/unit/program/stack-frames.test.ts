import { expect } from "chai";
import { type Frame, type Prepare, remembering, rememberStackFrames } from "../../../program/stack-frames";

/** A trace of some frames that differ by their receiver, as its text. */
class Deep {
  trace(depth: number): string {
    return depth === 0 ? (new Error("what was wrong").stack ?? "") : this.trace(depth - 1);
  }
}
class Deeper extends Deep {}

describe("stack traces", () => {
  const hook = Error as { prepareStackTrace?: Prepare };
  const before = hook.prepareStackTrace;
  afterEach(() => void (hook.prepareStackTrace = before));

  it("have the same text as before, the first time and the next", () => {
    // The language host's way to write them, but for the mapping.
    hook.prepareStackTrace = (error, frames) => `${error.name}: ${error.message}${frames.map((frame) => `\n    at ${frame.toString()}`).join("")}`;
    const traces = (): string[] => [new Deep(), new Deeper(), new Deep()].map((deep) => deep.trace(3));
    const expected = traces();
    rememberStackFrames();
    for (const seen of [traces(), traces()]) expect(withoutThisCall(seen)).to.deep.equal(withoutThisCall(expected));
    expect(expected[0]).to.match(/^Error: what was wrong\n {4}at Deep\.trace \(.*stack-frames\.test\.ts:\d+:\d+\)\n/);
    expect(expected[1]).to.contain("at Deeper.trace (");
  });

  it("are mapped once for each frame, whatever the error says", () => {
    const asked: string[] = [];
    const prepare = remembering((error, frames) => {
      asked.push(...frames.map((frame) => frame.toString()));
      return `${error.message}${frames.map((frame) => `\n  in ${frame.toString()}`).join("")}`;
    });
    const frames = ["one", "other"].map((name) => ({ toString: () => name }) as Frame);
    expect(["a", "b"].map((message) => prepare(new Error(message), frames))).to.deep.equal(["a\n  in one\n  in other", "b\n  in one\n  in other"]);
    expect(asked).to.deep.equal(["one", "other"]);
  });

  it("that are not text are left to whoever makes them", () => {
    const prepare = remembering((_error, frames) => frames);
    const frames = [{}] as Frame[];
    expect(prepare(new Error(), frames)).to.equal(frames);
  });

  it("stay V8's own where nothing maps them", () => {
    hook.prepareStackTrace = undefined;
    rememberStackFrames();
    expect(hook.prepareStackTrace).to.equal(undefined);
  });
});

/** Without the lines of the test itself, which asks from another line each time. */
function withoutThisCall(traces: readonly string[]): string[] {
  return traces.map((trace) => trace.split("\n").filter((line) => !line.includes("Context.")).join("\n"));
}
