import { expect } from "chai";
import { spawn } from "node:child_process";
import * as path from "node:path";
import { describeFailure, EXIT, MeshError } from "../../../lib/errors";
import { repositoryRoot } from "../../../lib/paths";
import { capture, run } from "../../../lib/process";

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("running other programs", () => {
  it("gives back what they print and how they end", async () => {
    expect(await capture("sh", ["-c", "cat; echo oops >&2; exit 7"], { input: "in" })).to.deep.equal({ code: 7, stdout: "in", stderr: "oops\n" });
    expect(await run("sh", ["-c", "echo two; echo lines"])).to.equal("two\nlines");
  });

  it("tells a signal's end as a shell does", async () => {
    expect((await capture("sh", ["-c", "kill -9 $$"])).code).to.equal(137);
    expect((await capture("sleep", ["5"], { timeout: 50 })).code).to.equal(143);
  });

  it("says which program failed and what it said last, without its arguments", async () => {
    const error = await failureOf(run("sh", ["-c", "echo because >&2; exit 3", "hidden"]));
    expect(error).to.be.instanceOf(MeshError).with.property("message").that.contains("exit code 3");
    expect(error).to.have.property("hint", "because");
    expect(describeFailure(error, false).text).not.to.contain("hidden");
  });

  it("counts a program that is missing as something needed first", async () => {
    expect(await failureOf(run("no-such-program", []))).to.include({ message: "no-such-program was not found", exitCode: EXIT.unusable });
  });

  it("hands SIGTERM on to the program that runs", async () => {
    const module = path.join(repositoryRoot, "lib", "process");
    const script = `require(${JSON.stringify(module)}).capture("sleep", ["30"]).then((end) => process.exit(end.code)); setTimeout(() => process.kill(process.pid, "SIGTERM"), 100)`;
    const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", script], { cwd: repositoryRoot });
    expect(await new Promise((resolve) => child.once("exit", resolve))).to.equal(143);
  });
});

describe("failures", () => {
  it("that are understood are told without a stack trace, with what to do", () => {
    const { text, exitCode } = describeFailure(new MeshError("it broke", "do this\nthen that", EXIT.unusable), false);
    expect(text).to.equal("mesh: it broke\n      do this\n      then that");
    expect(exitCode).to.equal(2);
  });

  it("that are not expected say how to see more, and show it with MESH_DEBUG", () => {
    expect(describeFailure(new Error("surprise"), false).text).to.contain("MESH_DEBUG=1").and.not.to.contain("process.test");
    expect(describeFailure(new Error("surprise"), true).text).to.contain("process.test");
    expect(describeFailure("a text", false)).to.deep.include({ exitCode: 1 });
  });
});
