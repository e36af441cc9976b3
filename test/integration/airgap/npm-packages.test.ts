import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { ensureNpmPackages } from "../../../airgap/npm-packages";
import { EXIT, MeshError } from "../../../lib/errors";
import { folderForEach } from "../../unit/cli/support/folder";

/** What `./mesh` and the air gap have in common is tested in test/integration/cli/script.test.ts. */
describe("the air gap's own npm packages", () => {
  const folder = folderForEach();
  const at = (...parts: string[]): string => path.join(folder(), ...parts);
  const installs = (): number => (fs.existsSync(at("calls")) ? fs.readFileSync(at("calls"), "utf8").trim().split("\n").length : 0);
  const ensure = (): Promise<void> => ensureNpmPackages({ folder: folder(), env: { PATH: `${at("bin")}:/usr/bin:/bin` } });
  const npm = (text: string): void => fs.writeFileSync(at("bin", "npm"), `#!/bin/sh\necho "$PWD $*" >>'${at("calls")}'\n${text}\n`, { mode: 0o755 });

  const failure = async (): Promise<MeshError> => {
    try {
      await ensure();
    } catch (error) {
      expect(error).to.be.instanceOf(MeshError);
      return error as MeshError;
    }
    throw new Error("it did not fail");
  };

  beforeEach(() => {
    fs.mkdirSync(at("bin"));
    fs.symlinkSync(process.execPath, at("bin", "node"));
    fs.writeFileSync(at("package-lock.json"), JSON.stringify({ packages: { "": {}, "node_modules/a": { integrity: "one" } } }));
    npm("mkdir -p node_modules; echo installed");
  });

  it("are installed in their own folder, once", async () => {
    await ensure();
    await ensure();
    expect(fs.readFileSync(at("calls"), "utf8")).to.match(new RegExp(`^${folder()} ci .*\\n$`));
  });

  it("are installed once when two processes need them at the same time", async () => {
    await Promise.all([ensure(), ensure()]);
    expect(installs()).to.equal(1);
  });

  it("end the command with one message when they cannot be installed, and are installed by the next one", async () => {
    npm("exit 3");
    const error = await failure();
    expect(error.message).to.contain(`npm ci failed in ${folder()}`).and.to.contain("run this again");
    expect(error).to.include({ section: "npm-failed", exitCode: EXIT.unusable });
    npm("mkdir -p node_modules");
    await ensure();
    expect(fs.existsSync(at("node_modules", ".usmesh-lock.json"))).to.equal(true);
  });

  it("end the command as interrupted when the installation is", async () => {
    npm("kill -TERM $(readlink .npm-ci.pid)");
    const error = await failure();
    expect(error.exitCode).to.equal(EXIT.interrupted);
    expect(fs.existsSync(at(".npm-ci.pid"))).to.equal(false);
  });
});
