import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { kubeconfigFile } from "../../../../cli/lib/environment";
import { removeKubeconfig, writeKubeconfig, writeKubeconfigs } from "../../../../cli/up/kubeconfig";
import { meshPaths } from "../../../../lib/paths";
import { folderForEach } from "../support/folder";
import { FakeApiServer } from "../../support/fake-api-server";
import { outputsOf } from "../support/outputs";
import { FakePulumi } from "./support/fake-pulumi";
import { stateWith } from "./support/states";

describe("the kubeconfig of a stack for manual work", () => {
  const folder = folderForEach();

  it("has all clusters of the stack, and only its owner can read it", () => {
    const mesh = meshPaths(path.join(folder(), "home"));
    writeKubeconfig(mesh, "local", outputsOf(["west", "east"], []).kubeconfigs);
    const file = kubeconfigFile(mesh, "local");
    expect(fs.readFileSync(file, "utf8")).to.contain("kind-west").and.to.contain("kind-east");
    expect(fs.statSync(file).mode & 0o777).to.equal(0o600);
    expect(fs.statSync(path.dirname(file)).mode & 0o777).to.equal(0o700);
  });

  it("is removed with the stack, and does not have to exist", () => {
    const mesh = meshPaths(path.join(folder(), "home"));
    writeKubeconfig(mesh, "local", outputsOf(["west"], []).kubeconfigs);
    removeKubeconfig(mesh, "local");
    expect(fs.readdirSync(mesh.kubeconfigs)).to.deep.equal([]);
    expect(() => removeKubeconfig(mesh, "local")).not.to.throw();
  });

  it("is not there for a stack without clusters", () => {
    const mesh = meshPaths(path.join(folder(), "home"));
    writeKubeconfig(mesh, "local", outputsOf(["west"], []).kubeconfigs);
    writeKubeconfig(mesh, "local", {});
    expect(fs.readdirSync(mesh.kubeconfigs)).to.deep.equal([]);
  });

  it("comes from the states of the stacks that are up, and a state that cannot be read is named", async () => {
    const cluster = await FakeApiServer.start();
    try {
      const mesh = meshPaths(path.join(folder(), "home"));
      const pulumi = new FakePulumi();
      pulumi.states.set("west", stateWith(cluster, []));
      pulumi.states.set("east", {});
      const reading: typeof pulumi.export = (stack, options) => (stack === "north" ? Promise.reject(new Error("incorrect passphrase")) : pulumi.export(stack, options));
      expect(await writeKubeconfigs(mesh, { export: reading }, ["west", "east", "north"])).to.deep.equal(["the kubeconfigs of stack north cannot be read: incorrect passphrase; see docs/troubleshooting.md#kubeconfigs-not-written"]);
      expect(fs.readdirSync(mesh.kubeconfigs)).to.deep.equal(["west.yaml"]);
      expect(fs.readFileSync(kubeconfigFile(mesh, "west"), "utf8")).to.contain("name: fake");
      expect(pulumi.calls).to.include("export west secrets");
    } finally {
      cluster.stop();
    }
  });
});
