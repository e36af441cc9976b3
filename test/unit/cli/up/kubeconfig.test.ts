import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { kubeconfigFile } from "../../../../cli/lib/environment";
import { removeKubeconfig, writeKubeconfig } from "../../../../cli/up/kubeconfig";
import { meshPaths } from "../../../../lib/paths";
import { folderForEach } from "../support/folder";
import { outputsOf } from "../support/outputs";

describe("the kubeconfig of a stack for manual work", () => {
  const folder = folderForEach();

  it("has all clusters of the stack, and only its owner can read it", () => {
    const mesh = meshPaths(path.join(folder(), "home"));
    writeKubeconfig(mesh, "local", outputsOf(["west", "east"], []));
    const file = kubeconfigFile(mesh, "local");
    expect(fs.readFileSync(file, "utf8")).to.contain("kind-west").and.to.contain("kind-east");
    expect(fs.statSync(file).mode & 0o777).to.equal(0o600);
    expect(fs.statSync(path.dirname(file)).mode & 0o777).to.equal(0o700);
  });

  it("is removed with the stack, and does not have to exist", () => {
    const mesh = meshPaths(path.join(folder(), "home"));
    writeKubeconfig(mesh, "local", outputsOf(["west"], []));
    removeKubeconfig(mesh, "local");
    expect(fs.readdirSync(mesh.kubeconfigs)).to.deep.equal([]);
    expect(() => removeKubeconfig(mesh, "local")).not.to.throw();
  });
});
