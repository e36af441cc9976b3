import { expect } from "chai";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { inSteps } from "../../support/steps";
import { balanceLoad } from "../program/support/load-balancer";
import { expectNothingLeft, secretIn } from "../program/support/objects";
import { startApiServers, type ApiServer } from "../support/api-server";
import { done } from "../support/events";
import { airgapBinary } from "../support/home";
import { unpackPackage } from "../support/package";
import { environment, Project } from "../support/project";

const EXAMPLE = resolve(__dirname, "../../../examples/yaml");
const CHARTS = resolve(__dirname, "../fixtures/mesh");

class YamlProject extends Project {
  protected override readonly name = "mesh-yaml";
}

/** The example, with the charts that stand in for Istio's, and the peers' names for API servers that are on loopback addresses. */
async function yamlProject(servers: ReadonlyMap<string, ApiServer>): Promise<YamlProject> {
  const folder = mkdtempSync(join(tmpdir(), "usmesh-yaml-"));
  cpSync(EXAMPLE, folder, { recursive: true, filter: (file) => !file.endsWith("node_modules") });
  mkdirSync(join(folder, ".state"));
  const program = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as { resources: { mesh: { properties: { clusters: Record<string, object>; istioCharts: object; istioValues?: object } } } };
  const { properties } = program.resources.mesh;
  properties.istioCharts = { version: "1.31.4", folder: CHARTS };
  properties.istioValues = { istiod: { global: { hub: "pretence", tag: "1" } } };
  for (const key of servers.keys()) Object.assign(properties.clusters[key]!, { apiServer: `https://${key}.example:6443` });
  writeFileSync(join(folder, "Pulumi.yaml"), stringify(program));
  await unpackPackage(folder);
  const env = await environment(folder, ["kubernetes", "tls"]);
  // The engine starts the host of the language that a project names from PATH.
  expect(airgapBinary("pulumi-language-yaml")).to.be.a("string");
  const project = new YamlProject(folder, env);
  await project.pulumi(["stack", "init"]);
  for (const [key, { kubeconfigPath }] of servers) {
    await project.pulumi(["config", "set", "--secret", key, readFileSync(kubeconfigPath, "utf8")]);
  }
  return project;
}

describe("the example in YAML, with the components from the package's plugin", function () {
  inSteps(this);
  let servers: ReadonlyMap<string, ApiServer> = new Map();
  let project: YamlProject;
  let stopBalancing: () => void;

  before(async () => {
    servers = await startApiServers(["west", "east"]);
    stopBalancing = balanceLoad([...servers.values()]);
    project = await yamlProject(servers);
  });
  after(async () => {
    stopBalancing?.();
    await project?.remove();
    await Promise.all([...servers.values()].map((server) => server.stop()));
  });

  it("is served by an executable that prints its port, and knows what it serves", async () => {
    const plugin = join(project.folder, "node_modules", "usmesh", "bin", "pulumi-resource-usmesh");
    const child = execFile(plugin, ["127.0.0.1:1"]);
    const port = await new Promise<string>((found) => child.stdout?.once("data", (text: string) => found(text)));
    child.kill();
    expect(port.trim()).to.match(/^\d+$/);
    const { stdout } = await promisify(execFile)(airgapBinary("pulumi"), ["package", "get-schema", plugin], { cwd: project.folder, env: await environment(project.folder, []), maxBuffer: 1e8 });
    expect(Object.keys((JSON.parse(stdout) as { resources: object }).resources)).to.have.length(5);
  });

  it("plans a mesh, and touches nothing", async () => {
    const planned = done(await project.preview());
    expect(planned).to.include.members(["create mesh-west-istio-cacerts", "create mesh-east-istio-cacerts", "create mesh-peering-west"]);
    for (const server of servers.values()) await expectNothingLeft(server);
  });

  it("brings it up as TypeScript does, and leaves it as it is the next time", async () => {
    await project.up();
    const { pairs, clusters } = await project.outputs();
    expect(pairs).to.have.members(["west->east", "east->west"]);
    expect(clusters).to.deep.equal({ west: { ingressAddress: "172.18.1.1", eastWestAddress: "172.18.1.2" }, east: { ingressAddress: "172.18.2.1", eastWestAddress: "172.18.2.2" } });
    const remote = await secretIn(servers.get("west")!, "istio-system", "istio-remote-secret-shop");
    expect(Object.keys(remote ?? {})).to.deep.equal(["east-cluster"]);
    expect(done(await project.up())).to.deep.equal([]);
  });

  it("keeps no secret in plain text", async () => {
    const state = JSON.stringify(await project.export());
    expect(state).to.contain("mesh-west-provider").and.not.to.match(/client-key-data|BEGIN (EC |RSA )?PRIVATE KEY/);
  });

  it("goes down, and leaves nothing", async () => {
    await project.destroy();
    for (const server of servers.values()) await expectNothingLeft(server);
  });
});
