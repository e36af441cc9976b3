import { expect } from "chai";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BaseInputs } from "../../../../../airgap/plugins/command/inputs";
import { runScript, type ScriptRun } from "../../../../../airgap/plugins/command/script";

/** Runs a script and keeps what it logged. */
async function run(script: string, inputs: BaseInputs = {}, more: Partial<ScriptRun> = {}) {
  const logged: string[] = [];
  const log = { status: (m: string) => logged.push(m), warn: (m: string) => expect.fail(`only progress is logged, not ${m}`) };
  const rest = { signal: new AbortController().signal, timeoutSeconds: 0, log, ...more };
  return { ...(await runScript({ script, inputs, ...rest })), logged };
}

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => expect.fail("it did not fail"),
    (error: Error) => error.message,
  );
}

describe("scripts of the command plugin", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "usmesh-script-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("return their outputs without the final line break", async () => {
    const { stdout, stderr } = await run("printf 'a\\n\\n'; echo b >&2");
    expect([stdout, stderr]).to.deep.equal(["a\n", "b"]);
    expect((await run("true")).stdout).to.equal("");
  });

  it("get the given environment, input and folder", async () => {
    const { stdout } = await run('cat; echo "$A $HOME"; pwd', { environment: { A: "x y" }, stdin: "in\n", dir: folder });
    expect(stdout).to.equal(`in\nx y ${process.env["HOME"] ?? ""}\n${folder}`);
    expect((await run("true", { stdin: "not read ".repeat(100_000) })).stdout).to.equal("");
  });

  it("run with the given interpreter", async () => {
    const { stdout } = await run("console.log(6 * 7)", { interpreter: [process.execPath, "-e"] });
    expect(stdout).to.equal("42");
  });

  it("get the outputs of the previous run, unless that is turned off", async () => {
    const script = 'echo "<$PULUMI_COMMAND_STDOUT|${PULUMI_COMMAND_STDERR-unset}>"';
    const previous = { stdout: "before", stderr: "" };
    expect((await run(script, {}, { previous })).stdout).to.equal("<before|unset>");
    expect((await run(script, { addPreviousOutputInEnv: true }, { previous })).stdout).to.equal("<before|unset>");
    expect((await run(script, { addPreviousOutputInEnv: false }, { previous })).stdout).to.equal("<|unset>");
    expect((await run(script)).stdout).to.equal("<|unset>");
  });

  it("log line by line, and only the chosen outputs", async () => {
    const script = "echo out; echo err >&2";
    const logged = async (logging: BaseInputs["logging"]) => (await run(script, { logging })).logged.sort();
    expect(await logged(undefined)).to.deep.equal(["err", "out"]);
    expect(await logged("stdoutAndStderr")).to.deep.equal(["err", "out"]);
    expect(await logged("stdout")).to.deep.equal(["out"]);
    expect(await logged("stderr")).to.deep.equal(["err"]);
    expect(await logged("none")).to.deep.equal([]);
  });

  it("fail with everything that they printed, whatever is logged", async () => {
    const script = "echo out; echo err >&2; exit 7";
    for (const logging of [undefined, "none"] as const) {
      const [first, ...said] = (await failure(run(script, { logging }))).split("\n");
      expect(first).to.equal(`the command ended with exit status 7: running "${script}":`);
      expect(said).to.have.members(["out", "err"]);
    }
    expect(await failure(run("kill -9 $$"))).to.contain("was ended by SIGKILL");
  });

  it("show secrets like everything else", async () => {
    const environment = { TOKEN: "hunter2" };
    expect((await run("echo $TOKEN", { environment })).logged).to.deep.equal(["hunter2"]);
    expect(await failure(run("echo $TOKEN; false", { environment, logging: "none" }))).to.contain("hunter2");
  });

  it("say why they could not start", async () => {
    expect(await failure(run("true", { dir: "/no/such" }))).to.contain("no folder /no/such");
    expect(await failure(run("true", { interpreter: ["no-such-shell"] }))).to.contain("no program no-such-shell");
  });

  it("are killed when they take too long", async () => {
    const message = await failure(run("echo begun; exec sleep 30", {}, { timeoutSeconds: 0.2 }));
    expect(message).to.equal('the command was ended by SIGKILL: running "echo begun; exec sleep 30":\nbegun');
  });

  it("are killed alone: what they started keeps running, and is waited for while it has the output open", async () => {
    const [begun, go] = [join(folder, "begun"), join(folder, "go")];
    const cancellation = new AbortController();
    const trap = `trap 'touch ${folder}/trapped' EXIT TERM INT`;
    const running = run(`${trap}; (touch ${begun}; until [ -e ${go} ]; do sleep 0.05; done; echo late) & wait`, {}, { signal: cancellation.signal });
    while (!existsSync(begun)) await new Promise((resolve) => setTimeout(resolve, 10));
    cancellation.abort(new Error("the run was cancelled"));
    writeFileSync(go, "");
    expect(await failure(running)).to.contain("was ended by SIGKILL").and.to.match(/:\nlate$/);
    expect(existsSync(join(folder, "trapped"))).to.equal(false);
  });

  it("do not start when the run is already cancelled", async () => {
    expect(await failure(run("true", {}, { signal: AbortSignal.abort(new Error("cancelled")) }))).to.equal("cancelled");
  });
});
