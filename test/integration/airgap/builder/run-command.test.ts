import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { dockerImages } from "../../../../airgap/builder/image-store";
import { runCommand } from "../../../../airgap/builder/run-command";
import type { RunOptions } from "../../../../airgap/builder/step";
import { StepLog } from "../../../../airgap/builder/step-log";
import { failure, World } from "../../../unit/airgap/builder/support/world";

describe("commands of air-gap steps", () => {
  let world: World;
  let printed: string;
  beforeEach(() => {
    world = new World();
    printed = "";
  });
  afterEach(() => world.remove());

  const run = async (script: string, options: RunOptions = {}, signal = new AbortController().signal): Promise<string> =>
    runCommand("sh", ["-c", script], options, {
      paths: world.paths,
      cwd: world.folder,
      signal,
      output: (text) => (printed += text),
    });

  it("return standard output, and write the command and both outputs to the log", async () => {
    expect(await run("echo out; echo err >&2")).to.equal("out");
    expect(printed).to.match(/^\$ sh -c echo out; echo err >&2\n/).and.to.include("out\n").and.to.include("err\n");
  });

  it("find the air gap's executables first, in the step's folder and environment", async () => {
    process.env.USMESH_TEST_GONE = "there";
    const said = await run('echo "${PATH%%:*} $PWD $SET ${USMESH_TEST_GONE-unset}"', { env: { SET: "x", USMESH_TEST_GONE: undefined } });
    delete process.env.USMESH_TEST_GONE;
    expect(said).to.equal(`${world.paths.bin} ${fs.realpathSync(world.folder)} x unset`);
  });

  it("read a text or a file, and write to a file", async () => {
    expect(await run("cat", { input: "text" })).to.equal("text");
    const [from, to] = ["from", "to"].map((name) => path.join(world.folder, name)) as [string, string];
    fs.writeFileSync(from, "content");
    expect(await run("tr a-z A-Z", { inputFile: from, outputFile: to })).to.equal("");
    expect(fs.readFileSync(to, "utf8")).to.equal("CONTENT");
    expect(await run("true", { input: "x".repeat(1_000_000) }), "a command that does not read its input").to.equal("");
  });

  it("say how they failed", async () => {
    expect((await failure(run("exit 7"))).message).to.equal("sh ended with exit code 7");
    expect((await failure(run("kill -9 $$"))).message).to.equal("sh was ended by SIGKILL");
    const surroundings = { paths: world.paths, cwd: world.folder, signal: new AbortController().signal, output: () => undefined };
    expect((await failure(runCommand("no-such-command", [], {}, surroundings))).message).to.match(/^no-such-command cannot be started: .*ENOENT/);
    expect((await failure(run("true", {}, AbortSignal.abort()))).message).to.include("not started: the build was interrupted");
  });

  it("leave their last lines in the log, in whatever chunks they came", () => {
    const lines: string[] = [];
    const log = new StepLog(world.paths, "step", (line) => lines.push(line));
    log.write("one\ntw");
    log.write("o\r\n\n50 %\r100 %\nthr");
    expect(lines).to.deep.equal(["one", "two", "50 %", "100 %"]);
    expect(log.tail()).to.deep.equal(["one", "two", "50 %", "100 %", "thr"]);
    for (let line = 0; line < 50; line++) log.write(`${line}\n`);
    expect(log.tail()).to.have.length(12);
    log.close();
  });
});

describe("the images in the Docker engine", () => {
  let world: World;
  const { PATH } = process.env;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => {
    process.env.PATH = PATH;
    world.remove();
  });

  /** Puts a `docker` of our own first on PATH. */
  function docker(script: string): void {
    fs.writeFileSync(path.join(world.folder, "docker"), `#!/bin/sh\necho "$*" >> ${world.folder}/asked\n${script}\n`, { mode: 0o755 });
    process.env.PATH = `${world.folder}:${PATH}`;
  }

  it("are found by tag, those that exist among those that do not", async () => {
    docker(`[ "$1" = version ] || { echo '["a:1","z:9"] sha256:1 10'; echo "no such image: b:1" >&2; exit 1; }`);
    expect(await dockerImages.find(["a:1", "b:1"])).to.deep.equal(new Map([["a:1", { id: "sha256:1", size: 10 }]]));
    expect(await dockerImages.find([])).to.deep.equal(new Map());
  });

  it("are unknown while the engine does not answer", async () => {
    docker("exit 1");
    expect(await dockerImages.find(["a:1"])).to.equal(undefined);
  });

  it("are left alone when they are in use", async () => {
    docker("exit 1");
    await dockerImages.remove(["a:1", "b:1"]);
    expect(fs.readFileSync(path.join(world.folder, "asked"), "utf8")).to.equal("image rm a:1\nimage rm b:1\n");
  });
});
