import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { inSteps } from "../../support/steps";
import { balanceLoad } from "../program/support/load-balancer";
import { expectNothingLeft, secretIn } from "../program/support/objects";
import { startApiServers, type ApiServer } from "../support/api-server";
import { done } from "../support/events";
import { contents } from "../support/package";
import { packageProject, type PackageProject } from "./support/program";

const CHARTS = resolve(__dirname, "../fixtures/mesh");
const execute = promisify(execFile);

/** The most that the tarball may have, in bytes: what grows beyond it has probably no place in it. */
const LIMIT = 450_000;

/** A program of a user's own that brings up a mesh. */
const PROGRAM = (clusters: object): string => `
const { Mesh } = require("usmesh");
const mesh = new Mesh("mesh", {
  meshId: "usmesh",
  clusters: ${JSON.stringify(clusters)},
  istioCharts: { version: "1.31.4", folder: ${JSON.stringify(CHARTS)} },
  istioValues: { istiod: { global: { hub: "pretence", tag: "1" } } },
});
exports.pairs = mesh.pairs;
exports.addresses = Object.fromEntries(Object.entries(mesh.clusters).map(([key, { eastWestAddress }]) => [key, eastWestAddress]));
`;

/** What a user of the types writes. */
const TYPED = `
import * as pulumi from "@pulumi/pulumi";
import { Mesh, PluginCA, type MeshArgs } from "usmesh";
import { plan, up, upgrade, verify, type PlanReport } from "usmesh/automation";
import { readMesh } from "usmesh/outputs";

const args: MeshArgs = { meshId: "m", clusters: { west: { kubeconfig: pulumi.secret("text") } }, istioCharts: { version: "1.31.4" } };
export const pairs: pulumi.Output<string[]> = new Mesh("mesh", args).pairs;
export const trust = new PluginCA("trust", { meshId: "m", members: ["west"] }).intermediates["west"];
export const report = async (): Promise<PlanReport["exitCode"]> => (await plan({ stacks: ["west"], allow: ["changed-root"] })).exitCode;
export const all = async (): Promise<string[]> => (await up({ stacks: ["west"] })).stacks.map(({ stack }) => stack);
export const upgraded = async (): Promise<string[]> => (await upgrade({ stacks: ["west"], to: { version: "1.31.5" }, clusters: ["west"] })).clusters.map(({ outcome }) => outcome);
export const findings = async (): Promise<number> => (await verify({ clusters: { west: "text" } })).findings.length;
export const network = async (): Promise<string> => (await readMesh("west")).cluster("west").network;
// @ts-expect-error a cluster without a kubeconfig
new Mesh("mesh", { ...args, clusters: { west: {} } });
`;

describe("the package from its tarball, in a project of its own", function () {
  inSteps(this);
  let servers: ReadonlyMap<string, ApiServer> = new Map();
  let project: PackageProject;
  let stopBalancing: () => void;

  before(async () => {
    servers = await startApiServers(["west", "east"]);
    stopBalancing = balanceLoad([...servers.values()]);
    const clusters = [...servers].map(([key, { kubeconfig }]) => [key, { kubeconfig, apiServer: `https://${key}.example:6443` }]);
    project = await packageProject(PROGRAM(Object.fromEntries(clusters) as object));
  });
  after(async () => {
    stopBalancing?.();
    await project?.remove();
    await Promise.all([...servers.values()].map((server) => server.stop()));
  });

  it("has what a user needs and no more", async () => {
    const { files, size } = await contents();
    const paths = files.map(({ path }) => path);
    expect(paths).to.include.members(["package.json", "LICENSE", "README.md", "dist/components/index.js", "dist/components/index.d.ts", "dist/components/scripts/kind-create.sh", "dist/Pulumi.yaml", "dist/provider/schema.json", "bin/pulumi-resource-usmesh", "PulumiPlugin.yaml", "docs/api.md", "docs/troubleshooting.md"]);
    expect(paths.filter((path) => !/^(dist\/.*\.(js|json|d\.ts|sh|yaml)|bin\/pulumi-resource-usmesh|PulumiPlugin\.yaml|docs\/[a-z-]+\.md|[A-Z]+(\.md)?|package\.json)$/.test(path))).to.deep.equal([]);
    expect(paths.filter((path) => /^dist\/(test|tools|examples|bench|airgap\/(?!index|builder\/paths)|cli\/(commands|main|drill|trace|topology|watch))/.test(path))).to.deep.equal([]);
    expect(size).to.be.lessThan(LIMIT);
  });

  it("is loaded by JavaScript of both kinds, without a compiler", async () => {
    const names = `Object.keys(require("usmesh")).join() + " " + Object.keys(require("usmesh/outputs")).join() + " " + Object.keys(require("usmesh/automation")).join()`;
    const loaded = `Object.keys(require.cache).filter((file) => /\\/(typescript|tsx|esbuild)\\//.test(file)).length`;
    const { stdout } = await execute(process.execPath, ["-p", `${names} + " " + ${loaded}`], { cwd: project.folder, env: project.variables });
    expect(stdout).to.contain("IstioPrimary").and.contain("readMesh").and.contain("verify");
    expect(stdout.trim().split(" ").at(-1)).to.equal("0");
    const modules = 'import { Mesh } from "usmesh"; import { readMesh } from "usmesh/outputs"; import { up } from "usmesh/automation"; console.log(typeof Mesh, typeof readMesh, typeof up);';
    const imported = await execute(process.execPath, ["--input-type=module", "-e", modules], { cwd: project.folder, env: project.variables });
    expect(imported.stdout.trim()).to.equal("function function function");
  });

  it("type-checks under strict, with each way to find modules", async () => {
    const compiler = join(project.folder, "node_modules", "typescript", "bin", "tsc");
    writeFileSync(join(project.folder, "typed.ts"), TYPED);
    const check = async ([module, moduleResolution]: readonly [string, string]): Promise<void> => {
      const options = ["--noEmit", "--target", "es2022", "--strict", "--exactOptionalPropertyTypes", "--types", "node", "--module", module, "--moduleResolution", moduleResolution];
      // What other packages declare is not looked at; what this one does, is by its use.
      const { stdout } = await execute(process.execPath, [compiler, ...options, "--skipLibCheck", "typed.ts"], { cwd: project.folder }).catch((error: { stdout: string }) => error);
      expect(stdout, moduleResolution).to.equal("");
    };
    await Promise.all(([["node16", "node16"], ["esnext", "bundler"], ["commonjs", "node10"]] as const).map(check));
  });

  it("plans a mesh, and touches nothing", async () => {
    const planned = done(await project.preview());
    expect(planned).to.include.members(["create mesh-west-istio-cacerts", "create mesh-east-istio-cacerts", "create mesh-peering-west"]);
    for (const server of servers.values()) await expectNothingLeft(server);
  });

  it("brings it up, and leaves it as it is the next time", async () => {
    await project.up();
    expect(await project.outputs()).to.deep.include({ addresses: { west: "172.18.1.2", east: "172.18.2.2" } });
    const remote = await secretIn(servers.get("west")!, "istio-system", "istio-remote-secret-usmesh");
    expect(Object.keys(remote ?? {})).to.deep.equal(["east-cluster"]);
    expect(done(await project.up())).to.deep.equal([]);
  });

  it("verifies it from the kubeconfigs alone", async () => {
    const kubeconfigs = Object.fromEntries([...servers].map(([key, { kubeconfig }]) => [key, kubeconfig]));
    const script = `require("usmesh/automation").verify({ clusters: ${JSON.stringify(kubeconfigs)}, traffic: false }).then((report) => console.log(JSON.stringify(report)))`;
    const { stdout } = await execute(process.execPath, ["-e", script], { cwd: project.folder, env: { ...project.variables, PATH: "/nowhere" }, maxBuffer: 1e8 });
    const { clusters, findings } = JSON.parse(stdout) as { clusters: string[]; findings: { check: string; cluster?: string; status: string }[] };
    expect(clusters).to.have.members(["west", "east"]);
    // The API servers run no istiod. What can be seen is as it should be.
    expect(findings.find(({ check, cluster }) => check === "trust.shared-root" || (check.startsWith("trust.") && cluster === "west"))?.status).to.equal("pass");
  });

  it("takes it down", async () => {
    await project.destroy();
    for (const server of servers.values()) await expectNothingLeft(server);
  });

  it("plans stacks of the user's own with the program that it brings, over a cluster from a file and one from a stack's output", async () => {
    const [west] = [...servers.values()];
    await project.write(`exports.kubeconfig = require("@pulumi/pulumi").secret(${JSON.stringify(parse(west!.kubeconfig))});`);
    await project.up();
    const folder = join(project.folder, "stacks");
    mkdirSync(folder);
    const place = ({ name, kubeconfigPath }: ApiServer): object => (name === "west" ? { stack: "organization/project/test" } : { kubeconfig: kubeconfigPath, context: name });
    const clusters = [...servers].map(([key, server]) => [key, { driver: "existing", ...place(server), apiServer: `https://${key}.example:6443` }]);
    const config = { "usmesh:clusters": Object.fromEntries(clusters) as unknown, "usmesh:istio": { charts: CHARTS, hub: "pretence", tag: "1" } };
    writeFileSync(join(folder, "Pulumi.shop.yaml"), stringify({ config }));
    const home = join(project.folder, "home");
    const script = `require("usmesh/automation").plan({ stacks: ["shop"], folder: ${JSON.stringify(folder)} }).then((report) => console.log(JSON.stringify(report)))`;
    const { stdout } = await execute(process.execPath, ["-e", script], { cwd: project.folder, env: { ...project.variables, MESH_HOME: home }, maxBuffer: 1e8 });
    const { exitCode, stacks } = JSON.parse(stdout) as { exitCode: number; stacks: { state: string; reason?: string; pairs: { wired: string[] } }[] };
    expect(stacks[0]?.reason).to.equal(undefined);
    expect(stacks[0]).to.include({ state: "planned" });
    expect(stacks[0]?.pairs.wired).to.have.members(["west->east", "east->west"]);
    expect(exitCode).to.equal(0);
  });
});
