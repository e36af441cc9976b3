import { expect } from "chai";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const WRAPPER = path.resolve(__dirname, "../../../../airgap/engine/runc-without-sys-resource.sh");

/** The five sets as runtimes write them. */
function capabilities(list: readonly string[]): Record<string, readonly string[]> {
  return { bounding: list, effective: list, inheritable: list, permitted: list, ambient: [] };
}

describe("the runtime wrapper", () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-wrapper-"));
    // Replaces runc: writes down its arguments and ends with a code of its own.
    fs.writeFileSync(path.join(folder, "runc"), '#!/bin/sh\nprintf "%s\\n" "$@" > "${0%/*}/arguments"\ncat > "${0%/*}/input"\nexit 7\n', { mode: 0o755 });
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const run = (...args: string[]) =>
    spawnSync(WRAPPER, args, { env: { PATH: process.env.PATH, RUNC: path.join(folder, "runc") }, input: "typed", encoding: "utf8" });
  const write = (name: string, content: unknown): string => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content), { mode: 0o600 });
    return file;
  };
  const read = (file: string): unknown => JSON.parse(fs.readFileSync(file, "utf8"));

  it("removes the one capability from a container's configuration and leaves everything else as it is", () => {
    const config = (list: readonly string[]) => ({
      ociVersion: "1.0.2",
      process: {
        args: ["capsh", "CAP_SYS_RESOURCE", '"bounding":["CAP_SYS_RESOURCE"]'],
        env: ['X={"effective":["CAP_SYS_RESOURCE"]}', "Y=ü $(rm) \\n"],
        capabilities: capabilities(list),
      },
      annotations: { CAP_SYS_RESOURCE: "CAP_SYS_RESOURCE" },
    });
    const file = write("config.json", config(["CAP_CHOWN", "CAP_SYS_RESOURCE", "CAP_KILL"]));
    const { status } = run("--root", "/run/x", "--log-format", "json", "create", "--bundle", folder, "--pid-file", "init.pid", "id");
    expect(status, "the exit code is runc's").to.equal(7);
    expect(read(file)).to.deep.equal(config(["CAP_CHOWN", "CAP_KILL"]));
    expect(fs.statSync(file).mode & 0o777).to.equal(0o600);
    expect(fs.readFileSync(path.join(folder, "arguments"), "utf8").split("\n").slice(0, -1)).to.deep.equal(
      ["--root", "/run/x", "--log-format", "json", "create", "--bundle", folder, "--pid-file", "init.pid", "id"],
    );
    expect(fs.readFileSync(path.join(folder, "input"), "utf8")).to.equal("typed");
  });

  for (const [where, list, left] of [
    ["first", ["CAP_SYS_RESOURCE", "CAP_KILL"], ["CAP_KILL"]],
    ["last", ["CAP_KILL", "CAP_SYS_RESOURCE"], ["CAP_KILL"]],
    ["alone", ["CAP_SYS_RESOURCE"], []],
    ["absent", ["CAP_KILL"], ["CAP_KILL"]],
    ["among none", [], []],
  ] as const) {
    it(`finds it ${where} in the list`, () => {
      const file = write("config.json", { process: { capabilities: capabilities(list) } });
      run("run", "-b", folder, "id");
      expect(read(file)).to.deep.equal({ process: { capabilities: capabilities(left) } });
    });
  }

  it("removes it for a process that is started in a running container, however the option is written", () => {
    for (const pass of [(file: string) => ["--process", file], (file: string) => [`--process=${file}`], (file: string) => ["-p", file]]) {
      const file = write("a process.json", JSON.stringify({ capabilities: capabilities(["CAP_KILL", "CAP_SYS_RESOURCE", "CAP_CHOWN"]) }, null, 2));
      run("exec", ...pass(file), "--detach", "id");
      expect(read(file)).to.deep.equal({ capabilities: capabilities(["CAP_KILL", "CAP_CHOWN"]) });
    }
  });

  it("passes everything else on, also without any file", () => {
    expect(run("delete", "--force", "id").status).to.equal(7);
    expect(run("state", "").status).to.equal(7);
    expect(run("create", "--bundle", path.join(folder, "gone"), "id").status).to.equal(7);
  });
});
