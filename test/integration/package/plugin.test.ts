import { expect } from "chai";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { done } from "../support/events";
import { JAVASCRIPT, LIGHT_PULUMI, requiring } from "../support/node-options";
import { unpackPackage } from "../support/package";
import { environment, Project } from "../support/project";

const CHARTS = resolve(__dirname, "../fixtures/mesh");

/** What an SDK in another language does: it asks the engine for a component by its type, and the engine asks the plugin. */
const PROGRAM = (clusters: string): string => `
const pulumi = require("@pulumi/pulumi");
class Remote extends pulumi.ComponentResource {
  constructor(type, name, args, outputs) {
    super(type, name, { ...args, ...Object.fromEntries(outputs.map((output) => [output, undefined])) }, {}, true);
  }
}
const kubeconfig = (name) => pulumi.secret(JSON.stringify({
  clusters: [{ name, cluster: { server: "https://127.0.0.1:1" } }],
  users: [{ name, user: { token: "canary" } }],
  contexts: [{ name, context: { cluster: name, user: name } }],
  "current-context": name,
}));
const istioCharts = { version: "1.31.4", folder: ${JSON.stringify(CHARTS)} };
exports.pairs = new Remote("usmesh:index:Mesh", "mesh", { meshId: "shop", clusters: ${clusters}, istioCharts }, ["pairs"]).pairs;
`;

const BOTH = '{ west: { kubeconfig: kubeconfig("west") }, east: { kubeconfig: kubeconfig("east") } }';

describe("the package's plugin, asked by the engine for a component", () => {
  let project: Project;

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), "usmesh-plugin-"));
    mkdirSync(join(folder, ".state"));
    await unpackPackage(folder);
    const plugins = "plugins:\n  providers:\n    - name: usmesh\n      path: node_modules/usmesh/bin\n";
    writeFileSync(join(folder, "Pulumi.yaml"), `name: project\nmain: index.js\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n${plugins}`);
    writeFileSync(join(folder, "package.json"), '{"name": "project", "main": "index.js"}\n');
    project = new Project(folder, await environment(folder, ["kubernetes", "tls"], { NODE_OPTIONS: requiring(LIGHT_PULUMI, JAVASCRIPT) }));
    await project.write(PROGRAM(BOTH));
    await project.pulumi(["stack", "init"]);
  });
  after(() => project?.remove());

  it("plans the whole mesh, and shows no secret", async () => {
    const plan = await project.preview();
    const planned = done(plan);
    for (const key of ["west", "east"]) {
      expect(planned).to.include.members([`create mesh-${key}-istio-base`, `create mesh-${key}-istio-cacerts`, `create mesh-${key}-eastwest-release`, `create mesh-peering-${key}`]);
    }
    expect(plan.output).not.to.contain("canary");
  });

  it("says which argument is missing", async () => {
    await project.write(PROGRAM('{ west: { network: "n" } }'));
    const { output } = await project.preview({ fails: true });
    expect(output).to.contain("clusters.west.kubeconfig").and.contain("it is missing");
  });
});
