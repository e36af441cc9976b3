import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { airgapPaths } from "../../../../airgap/builder/paths";
import { testEnvironment } from "../../../../tools/test/environment";
import { meshEnvironment } from "../../../../cli/lib/environment";
import { meshPaths } from "../../../../lib/paths";
import { testPart } from "../../../../tools/test/run";
import { folderForEach } from "../../cli/support/folder";

const airgap = airgapPaths("/airgap");

/** What a shell has after `eval "$(./mesh env)"`. */
const evaluated = meshEnvironment({ airgap: true, mesh: meshPaths("/m"), airgapPaths: airgap, stacks: ["local"], env: { PATH: "/usr/bin" } });

describe("the environment of the tests", () => {
  const folder = folderForEach();

  it("is the same whether or not ./mesh env was evaluated before", () => {
    expect(testEnvironment({ HOME: "/h", ...evaluated }, airgap)).to.deep.equal({ HOME: "/h", PATH: "/usr/bin" });
  });

  it("has nothing of the caller's own meshes and clusters", () => {
    const own = { MESH_HOME: "/m", MESH_STACKS: "/s", PULUMI_ACCESS_TOKEN: "t", KUBECONFIG: "/k", HELM_NAMESPACE: "n", USMESH_SETTINGS: "/x.yaml" };
    expect(testEnvironment(own, airgap)).to.deep.equal({ PATH: "" });
  });

  it("keeps where things were built, how to reach registries, and how tests are run", () => {
    const kept = {
      PATH: "/usr/bin:/bin",
      MESH_AIRGAP: "1",
      MESH_AIRGAP_HOME: "/airgap",
      MESH_DEBUG: "1",
      USMESH_SOAK_KILLS: "3",
      HTTPS_PROXY: "http://proxy:3128",
      DOCKER_HOST: "unix:///d.sock",
      CI: "true",
      NODE_EXTRA_CA_CERTS: "/ca.crt",
    };
    expect(testEnvironment(kept, airgap)).to.deep.equal(kept);
  });

  it("is what the tests really get", async () => {
    const file = path.join(folder(), "environment.json");
    const print = `require("node:fs").writeFileSync(${JSON.stringify(file)}, JSON.stringify(process.env))`;
    const part = { name: "print", summary: "", standard: false, runs: { command: ["-e", print] }, needs: "nothing" } as const;
    const { passed } = await testPart(part, { quietStdout: true, env: testEnvironment({ HOME: "/h", ...evaluated }, airgap) });
    expect(passed).to.equal(1);
    expect(JSON.parse(fs.readFileSync(file, "utf8"))).to.deep.equal({ HOME: "/h", PATH: "/usr/bin" });
  });
});
