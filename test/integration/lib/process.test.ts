import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { describeFailure, EXIT, MeshError } from "../../../lib/errors";
import { repositoryRoot } from "../../../lib/paths";
import { capture, run, stream } from "../../../lib/process";
import { TYPESCRIPT } from "../../../tools/test/parts";

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("running other programs", () => {
  it("returns what they print and how they end", async () => {
    expect(await capture("sh", ["-c", "cat; echo oops >&2; exit 7"], { input: "in" })).to.deep.equal({ code: 7, stdout: "in", stderr: "oops\n" });
    expect(await run("sh", ["-c", "echo two; echo lines"])).to.equal("two\nlines");
  });

  it("gives them an empty standard input unless there is something to read", async () => {
    expect(await capture("cat", [])).to.deep.equal({ code: 0, stdout: "", stderr: "" });
  });

  it("gives them the whole environment that is named, and nothing else", async () => {
    expect(await run("/usr/bin/env", [], { env: { ONLY: "this" } })).to.equal("ONLY=this");
  });

  it("does not mind a program that ends before it has read its input", async () => {
    expect(await capture("true", [], { input: "x".repeat(1 << 20) })).to.include({ code: 0 });
  });

  it("reports a signal as a shell does", async () => {
    expect((await capture("sh", ["-c", "kill -9 $$"])).code).to.equal(137);
    expect((await capture("sleep", ["60"], { timeoutMs: 50 })).code).to.equal(143);
  });

  it("says which program failed and how its output ended, without its arguments", async () => {
    const error = await failureOf(run("sh", ["-c", "echo because >&2; exit 3", "hidden"]));
    expect(error).to.be.instanceOf(MeshError).with.property("message", "sh failed with exit code 3");
    expect(error).to.have.property("hint", "because");
    expect(describeFailure(error, false).text).not.to.contain("hidden");
  });

  it("names the subcommand that failed, up to the first flag", async () => {
    expect(await failureOf(run("sh", ["/nowhere/script", "--token", "hidden"]))).to.have.property("message").that.matches(/^sh \/nowhere\/script failed/);
  });

  it("counts a program that is missing as something needed first", async () => {
    for (const start of [capture, run, stream]) {
      expect(await failureOf(start("no-such-program", []))).to.include({ message: "no-such-program was not found", exitCode: EXIT.unusable });
    }
    const file = path.join(repositoryRoot, "package.json");
    expect(await failureOf(run(file, []))).to.have.property("message").that.matches(/package\.json could not be started: .*EACCES/);
  });

  describe("in a process that gets a signal", () => {
    /** Runs a script with `capture` in a process of its own. @returns that process's exit code. */
    async function exitCodeOf(shell: string): Promise<unknown> {
      const module = path.join(repositoryRoot, "lib", "process");
      const script = `require(${JSON.stringify(module)}).capture("sh", ["-c", ${JSON.stringify(shell)}]).then((end) => process.exit(end.code))`;
      const [code] = (await once(spawn(process.execPath, ["--require", TYPESCRIPT, "-e", script], { cwd: repositoryRoot }), "exit")) as [unknown];
      return code;
    }

    it("forwards SIGTERM, and waits for the program", async () => {
      expect(await exitCodeOf("trap 'exit 5' TERM; kill -TERM $PPID; while :; do sleep 0.05; done")).to.equal(5);
    });

    it("forwards SIGHUP as SIGTERM", async () => {
      expect(await exitCodeOf("trap 'exit 6' TERM; kill -HUP $PPID; while :; do sleep 0.05; done")).to.equal(6);
    });

    it("leaves Ctrl-C to the program, which gets it from the terminal, and waits", async () => {
      expect(await exitCodeOf("kill -INT $PPID; sleep 0.2; exit 7")).to.equal(7);
    });
  });
});
