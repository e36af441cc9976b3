import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execute } from "../../../../airgap/plugins/command/execute";
import type { BaseInputs } from "../../../../airgap/plugins/command/inputs";
import { runScript, type ScriptRun } from "../../../../airgap/plugins/command/script";

/** Runs a script and keeps what it logged. */
async function run(script: string, inputs: BaseInputs = {}, more: Partial<ScriptRun> = {}) {
  const logged: string[] = [];
  const fail = (m: string) => expect.fail(`only progress is logged, not ${m}`);
  const log = { status: (m: string) => logged.push(m), info: fail, warn: fail, error: fail };
  const rest = { signal: new AbortController().signal, timeoutSeconds: 0, log, ...more };
  return { ...(await runScript({ script, inputs, ...rest })), logged };
}

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => expect.fail("it did not fail"),
    (error: Error) => error.message,
  );
}

/** Whether a process is there; one that is only waiting to be collected is not. */
function alive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

describe("scripts of the command plugin", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "usmesh-script-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("give their outputs without the last line's end", async () => {
    const { stdout, stderr } = await run("printf 'a\\n\\n'; echo b >&2");
    expect([stdout, stderr]).to.deep.equal(["a\n", "b"]);
    expect((await run("true")).stdout).to.equal("");
  });

  it("have environment, input and folder as given", async () => {
    const { stdout } = await run('cat; echo "$A $HOME"; pwd', { environment: { A: "x y" }, stdin: "in\n", dir: folder });
    expect(stdout).to.equal(`in\nx y ${process.env["HOME"] ?? ""}\n${folder}`);
    expect((await run("true", { stdin: "not read ".repeat(100_000) })).stdout).to.equal("");
  });

  it("run by the given interpreter", async () => {
    const { stdout } = await run("console.log(6 * 7)", { interpreter: [process.execPath, "-e"] });
    expect(stdout).to.equal("42");
  });

  it("see what the run before said, unless told not to", async () => {
    const script = 'echo "<$PULUMI_COMMAND_STDOUT|${PULUMI_COMMAND_STDERR-unset}>"';
    const previous = { stdout: "before", stderr: "" };
    expect((await run(script, {}, { previous })).stdout).to.equal("<before|unset>");
    expect((await run(script, { addPreviousOutputInEnv: true }, { previous })).stdout).to.equal("<before|unset>");
    expect((await run(script, { addPreviousOutputInEnv: false }, { previous })).stdout).to.equal("<|unset>");
    expect((await run(script)).stdout).to.equal("<|unset>");
  });

  it("log line by line, only what is to be logged", async () => {
    const script = "echo out; echo err >&2";
    const logged = async (logging: BaseInputs["logging"]) => (await run(script, { logging })).logged.sort();
    expect(await logged(undefined)).to.deep.equal(["err", "out"]);
    expect(await logged("stdoutAndStderr")).to.deep.equal(["err", "out"]);
    expect(await logged("stdout")).to.deep.equal(["out"]);
    expect(await logged("stderr")).to.deep.equal(["err"]);
    expect(await logged("none")).to.deep.equal([]);
  });

  it("say how they failed, and with logging off nothing of stdout", async () => {
    const script = "echo out; echo err >&2; exit 7";
    const both = await failure(run(script));
    expect(both).to.contain("ended with exit status 7").and.to.match(/\bout\n/).and.to.match(/\berr$/);
    const quiet = await failure(run(script, { logging: "none" }));
    expect(quiet.split("\n").slice(1)).to.deep.equal(["err"]);
    expect(await failure(run("kill -9 $$"))).to.contain("was ended by SIGKILL");
  });

  it("say why they could not start", async () => {
    expect(await failure(run("true", { dir: "/no/such" }))).to.contain("no folder /no/such");
    expect(await failure(run("true", { interpreter: ["no-such-shell"] }))).to.contain("no program no-such-shell");
  });

  it("end in time", async () => {
    expect(await failure(run("sleep 30", {}, { timeoutSeconds: 0.2 }))).to.equal("the command took longer than 0.2 s");
  });

  it("are stopped with everything they started", async () => {
    const file = join(folder, "pid");
    const cancellation = new AbortController();
    const running = run(`sleep 300 & echo $! >${file}; wait`, {}, { signal: cancellation.signal });
    let pid = 0;
    while (!pid) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      try {
        pid = Number(readFileSync(file, "utf8"));
      } catch {
        // Not written yet.
      }
    }
    expect(alive(pid)).to.equal(true);
    cancellation.abort(new Error("the run was cancelled"));
    expect(await failure(running)).to.equal("the run was cancelled");
    expect(alive(pid)).to.equal(false);
  });

  it("are stopped by force when they do not listen", async () => {
    const cancellation = new AbortController();
    const started = Date.now();
    const running = execute({
      argv: ["/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"],
      env: {},
      signal: cancellation.signal,
      onStdout: () => cancellation.abort(new Error("enough")),
    });
    expect(await failure(running)).to.equal("enough");
    expect(Date.now() - started).to.be.within(1500, 5000);
  });

  it("do not start when the run was cancelled before", async () => {
    expect(await failure(run("true", {}, { signal: AbortSignal.abort(new Error("cancelled")) }))).to.equal("cancelled");
  });
});
