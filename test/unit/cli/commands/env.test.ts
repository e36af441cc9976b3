import { expect } from "chai";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { repositoryRoot } from "../../../../lib/paths";
import { folderForEach } from "../support/folder";

describe("the command env", function () {
  // A process of its own, which takes its time on a busy machine.
  this.timeout(60_000);
  const folder = folderForEach();

  it("says on standard error which tools are missing, and keeps standard output for the variables", () => {
    const bin = path.join(folder(), "bin");
    fs.mkdirSync(bin);
    fs.symlinkSync(process.execPath, path.join(bin, "node"));
    const env = { PATH: bin, HOME: folder(), MESH_HOME: path.join(folder(), "home"), MESH_AIRGAP: "0" };
    const { status, stdout, stderr } = spawnSync("node", ["--import", "tsx", path.join(repositoryRoot, "cli/main.ts"), "env", "--json"], { cwd: repositoryRoot, env, encoding: "utf8" });
    expect(status, stderr).to.equal(0);
    expect(stderr).to.contain("mesh: missing on PATH: pulumi, docker, kind, kubectl, helm, istioctl").and.to.contain("Install kubectl: https://");
    expect(JSON.parse(stdout)).to.have.property("PULUMI_BACKEND_URL");
  });
});
