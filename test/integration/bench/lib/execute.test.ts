import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { execute, succeeded } from "../../../../bench/lib/execute";
import { isRunning } from "../../../../lib/pid-files";

const env = process.env;

describe("a command of the benchmark", () => {
  it("is run to its end, with its output, its code and how long it took", async () => {
    const ended = await execute("sh", ["-c", "cat; echo bad >&2; exit 3"], { env, input: "in" });
    expect(ended).to.include({ code: 3, stdout: "in", stderr: "bad\n" });
    expect(ended.seconds).to.be.greaterThan(0);
    expect(() => succeeded("it", ended)).to.throw("it ended with 3:\nin\nbad");
  });

  it("is interrupted with all that it started, once, and the reason is what the caller sees", async () => {
    const interrupt = new AbortController();
    let pid = 0;
    const running = execute("sh", ["-c", "trap 'echo interrupted; exit 130' INT; sleep 60 & echo $!; wait"], { env, signal: interrupt.signal, started: (id) => (pid = id) });
    while (pid === 0) await pause(5);
    // The shell has to come to its trap.
    await pause(200);
    interrupt.abort(new Error("enough"));
    const ended = await running;
    const [child] = ended.stdout.split("\n");
    expect(ended).to.include({ code: 130 });
    expect(ended.stdout).to.contain("interrupted");
    expect(isRunning(pid)).to.equal(false);
    while (isRunning(Number(child))) await pause(5);
    expect(() => succeeded("it", ended, interrupt.signal)).to.throw("enough");
    await execute("true", [], { env, signal: interrupt.signal }).then(
      () => expect.fail("it ran"),
      (error: Error) => expect(error.message).to.equal("enough"),
    );
  });
});
