import { expect } from "chai";
import { execFile, spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { repositoryRoot } from "../../../lib/paths";
import { makeReadOnly } from "../../support/read-only";
import { folderForEach } from "../../unit/cli/support/folder";

/** The real script in a temporary project, with fakes of node and npm first on PATH. */
describe("the script ./mesh", () => {
  const folder = folderForEach();
  const at = (...parts: string[]): string => path.join(folder(), ...parts);
  const calls = (): string[] => (fs.existsSync(at("calls")) ? fs.readFileSync(at("calls"), "utf8").trim().split("\n") : []);
  const installs = (): number => calls().filter((call) => call.startsWith("npm ci")).length;
  const env = (): NodeJS.ProcessEnv => ({ PATH: `${at("bin")}:/usr/bin:/bin`, CALLS: at("calls"), PROJECT: folder() });
  const mesh = (...args: string[]): SpawnSyncReturns<string> => spawnSync(at("mesh"), args, { encoding: "utf8", env: env() });
  const standIn = (name: string, text: string): void => fs.writeFileSync(at("bin", name), `#!/bin/sh\n${text}`, { mode: 0o755 });

  beforeEach(() => {
    fs.mkdirSync(at("bin"));
    fs.copyFileSync(path.join(repositoryRoot, "mesh"), at("mesh"));
    fs.chmodSync(at("mesh"), 0o755);
    fs.mkdirSync(at("lib"));
    fs.copyFileSync(path.join(repositoryRoot, "lib", "npm-packages.sh"), at("lib", "npm-packages.sh"));
    fs.writeFileSync(at("package-lock.json"), JSON.stringify({ packages: { "": {}, "node_modules/a": { integrity: "one" } } }));
    node("v20.19.0");
    standIn("npm", 'echo "npm $*" >>"$CALLS"; mkdir -p "$PROJECT/node_modules"; echo installed');
  });

  // The version and the program are faked; `node -e`, which reads the lockfiles, is real.
  function node(version: string): void {
    standIn("node", `case $1 in --version) echo ${version} ;; -e) exec '${process.execPath}' "$@" ;; *) echo "ran $*" ;; esac`);
  }

  it("installs the locked packages once, and again when the lockfile has changed", () => {
    expect(mesh("up").status).to.equal(0);
    expect(mesh("up").status).to.equal(0);
    expect(installs()).to.equal(1);
    fs.appendFileSync(at("package-lock.json"), "\n");
    mesh("up");
    expect(installs()).to.equal(2);
  });

  it("passes its arguments on unchanged, and keeps standard output for data", () => {
    const { stdout, stderr } = mesh("up", "two words", "*");
    expect(stdout).to.match(/^ran .*cli\/main\.ts up two words \*\n$/);
    expect(stderr).to.contain("installing the npm packages");
  });

  it("works from another folder and through a symbolic link", () => {
    fs.symlinkSync(at("mesh"), at("bin", "linked"));
    const { stdout } = spawnSync(at("bin", "linked"), [], { encoding: "utf8", env: env(), cwd: "/" });
    expect(stdout).to.contain(at("cli", "main.ts"));
  });

  it("installs nothing when npm has already installed what the lockfile names", () => {
    fs.mkdirSync(at("node_modules"));
    fs.writeFileSync(at("node_modules", ".package-lock.json"), JSON.stringify({ packages: { "node_modules/a": { integrity: "one" } } }));
    mesh();
    expect(installs()).to.equal(0);
  });

  it("installs again after an installation that failed or was killed", () => {
    standIn("npm", 'echo "npm $*" >>"$CALLS"; mkdir -p "$PROJECT/node_modules"; exit 3');
    const failed = mesh();
    expect(failed.status).to.equal(2);
    expect(failed.stderr).to.contain("npm ci failed").and.to.match(/\n {6}See docs\/troubleshooting\.md#npm-failed\n$/);
    expect(failed.stdout).to.equal("");
    standIn("npm", 'echo "npm $*" >>"$CALLS"; mkdir -p "$PROJECT/node_modules"; kill -9 $(readlink "$PROJECT/.npm-ci.pid")');
    expect(mesh().signal).to.equal("SIGKILL");
    expect(fs.readdirSync(folder())).to.include(".npm-ci.pid");
    standIn("npm", 'echo "npm $*" >>"$CALLS"; mkdir -p "$PROJECT/node_modules"');
    expect(mesh().status).to.equal(0);
    expect(installs()).to.equal(3);
    expect(fs.readdirSync(folder()).filter((name) => name.startsWith(".npm-ci"))).to.deep.equal([]);
  });

  it("installs once when two start at the same time, and the second says that it waits", async () => {
    // npm ends once the other one has begun to wait.
    standIn("sleep", ': >"$PROJECT/waits"; exec /bin/sleep 0.02');
    standIn("npm", 'echo "npm $*" >>"$CALLS"; mkdir -p "$PROJECT/node_modules"; timeout 5 sh -c \'until [ -e "$PROJECT/waits" ]; do /bin/sleep 0.02; done\'');
    const both = await Promise.all([start(), start()]);
    expect(both.map(({ code }) => code)).to.deep.equal([0, 0]);
    expect(installs()).to.equal(1);
    expect(both.map(({ stderr }) => stderr).join()).to.contain("waiting for it");
  });

  it("takes over from a process that has ended", async () => {
    const ended = spawn("true");
    await new Promise((resolve) => ended.once("exit", resolve));
    fs.symlinkSync(String(ended.pid), at(".npm-ci.pid"));
    expect(mesh().status).to.equal(0);
    expect(installs()).to.equal(1);
  });

  it("ends with a message when it cannot install anything", function () {
    const undo = makeReadOnly(folder());
    if (undo === undefined) return this.skip();
    try {
      const { status, stderr } = spawnSync(at("mesh"), [], { encoding: "utf8", env: env(), timeout: 8000 });
      expect(status, stderr).to.equal(2);
      expect(stderr).to.contain(`${folder()} cannot be written to`).and.to.contain("See docs/troubleshooting.md#repository-read-only\n");
      expect(installs()).to.equal(0);
    } finally {
      undo();
    }
  });

  it("says what to do when Node.js is too old or missing", () => {
    for (const old of ["v18.20.8", "v20.18.3"]) {
      node(old);
      const { status, stderr } = mesh();
      expect({ status, stderr }).to.have.property("status", 2);
      expect(stderr).to.contain(old).and.to.contain("20.19 or newer");
    }
    for (const good of ["v20.19.0", "v22.0.0"]) {
      node(good);
      expect(mesh().status).to.equal(0);
    }
    fs.rmSync(at("bin", "node"));
    for (const tool of ["sh", "readlink", "dirname"]) fs.symlinkSync(`/usr/bin/${tool}`, at("bin", tool));
    const { status, stderr } = spawnSync(at("mesh"), { encoding: "utf8", env: { ...env(), PATH: at("bin") } });
    expect(status).to.equal(2);
    expect(stderr).to.contain("Node.js is missing").and.to.match(/\n {6}See docs\/troubleshooting\.md#node-missing\n$/);
  });

  function start(): Promise<{ code: number | null; stderr: string }> {
    return new Promise((resolve) => {
      const child = execFile(at("mesh"), { env: env() }, (_error, _stdout, stderr) => resolve({ code: child.exitCode, stderr }));
    });
  }
});
