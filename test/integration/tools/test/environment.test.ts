import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { airgapPaths } from "../../../../airgap/builder/paths";
import { meshEnvironment } from "../../../../cli/lib/environment";
import { meshPaths } from "../../../../lib/paths";
import { testEnvironment } from "../../../../tools/test/environment";
import { PARTS, type Part } from "../../../../tools/test/parts";
import { MARK } from "../../../../tools/test/processes";
import { testPart } from "../../../../tools/test/run";
import { folderForEach } from "../../../unit/cli/support/folder";

const airgap = airgapPaths("/airgap");

/** What a shell has after `eval "$(./mesh env)"`. */
const evaluated = meshEnvironment({ airgap: true, mesh: meshPaths("/m"), airgapPaths: airgap, stacks: ["local"], env: { PATH: "/usr/bin" } });

/** What leads to the caller's own meshes, state and clusters. */
const OWN = {
  MESH_HOME: "/m",
  MESH_STACKS: "/s",
  USMESH_SETTINGS: "/x.yaml",
  PULUMI_ACCESS_TOKEN: "t",
  PULUMI_BACKEND_URL: "s3://b",
  KUBECONFIG: "/k",
  KUBERNETES_SERVICE_HOST: "10.0.0.1",
  HELM_NAMESPACE: "n",
  DOCKER_CONTEXT: "far",
  DOCKER_CONFIG: "/d",
  KIND_EXPERIMENTAL_PROVIDER: "podman",
  GIT_DIR: "/g",
};

/** What says where things were built and how Docker is reached. */
const PLACES = { MESH_AIRGAP_HOME: "/airgap", MESH_AIRGAP_GO_CACHE_GIB: "8" };
const CLUSTERS = { ...PLACES, MESH_AIRGAP: "1", DOCKER_HOST: "unix:///d.sock" };
const ALL = { ...CLUSTERS, USMESH_SOAK_KILLS: "3" };

/** What no part loses. */
const OTHERS = { HOME: "/h", HTTPS_PROXY: "http://proxy:3128", CI: "true", NODE_EXTRA_CA_CERTS: "/ca.crt", PATH: "/usr/bin:/bin" };

/** What each part gets of {@link ALL}. */
const KEPT: Readonly<Record<string, object>> = {
  lint: {},
  types: {},
  unit: {},
  fresh: PLACES,
  integration: { ...PLACES, GOGC: "1000" },
  e2e: CLUSTERS,
  soak: ALL,
  cold: CLUSTERS,
};

describe("the environment of the tests", () => {
  const folder = folderForEach();

  for (const part of PARTS) {
    describe(`of ${part.name}`, () => {
      it("is the same whether or not ./mesh env was evaluated before", () => {
        expect(testEnvironment({ ...OTHERS, ...evaluated, PATH: `/airgap/bin:${OTHERS.PATH}` }, airgap, part)).to.deep.equal({ ...OTHERS, ...part.sets });
      });

      it("has nothing of the caller's own meshes and clusters, and what the part needs", () => {
        expect(testEnvironment({ ...OTHERS, ...OWN, ...ALL }, airgap, part)).to.deep.equal({ ...OTHERS, ...KEPT[part.name] });
      });

      it("is what its process really gets", async () => {
        const file = path.join(folder(), "environment.json");
        const print = `require("node:fs").writeFileSync(${JSON.stringify(file)}, JSON.stringify(process.env))`;
        const printing: Part = { ...part, runs: { command: ["-e", print] }, needs: "nothing" };
        await testPart(printing, { output: "kept", env: testEnvironment({ ...OTHERS, ...OWN, ...ALL }, airgap, part) });
        const { [MARK]: mark, ...got } = JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, string>;
        expect(got).to.deep.equal({ ...OTHERS, ...KEPT[part.name] });
        expect(mark).to.be.a("string");
      });
    });
  }
});
