import { expect } from "chai";
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { inSteps } from "../../support/steps";
import { outputsOf } from "../../unit/cli/support/outputs";
import { namespaceLabels } from "../program/support/objects";
import { startApiServers, type ApiServer } from "../support/api-server";
import { done } from "../support/events";
import { createProject, type Project } from "../support/project";
import { createConsumer, type Consumer } from "./support/consumer";

/** A program that exports what a test says, and has nothing else of a mesh. */
const MESH = (outputs: object): string => `
const pulumi = require("@pulumi/pulumi");
const outputs = ${JSON.stringify(outputs)};
for (const name of ["credentials", "kubeconfigs"]) if (name in outputs) outputs[name] = pulumi.secret(outputs[name]);
module.exports = outputs;
`;

/** The stack of that program. */
const STACK = "organization/project/test";

describe("the example of a consumer, in a folder of its own", function () {
  inSteps(this);
  let servers: ReadonlyMap<string, ApiServer> = new Map();
  let mesh: Project;
  let consumer: Consumer;
  let outputs: Record<string, unknown>;

  before(async () => {
    servers = await startApiServers(["west", "east"]);
    const kubeconfigs = Object.fromEntries([...servers].map(([key, server]) => [key, server.kubeconfig]));
    outputs = { ...outputsOf([...servers.keys()], ["west->east", "east->west"]), kubeconfigs };
    mesh = await createProject({ plugins: [], program: MESH(outputs) });
    await mesh.up();
    consumer = await createConsumer(`file://${mesh.folder}/.state`);
    consumer.configure([STACK]);
  });
  after(async () => {
    await consumer?.remove();
    await mesh?.remove();
    await Promise.all([...servers.values()].map((server) => server.stop()));
  });

  const deployment = (server: ApiServer): Promise<unknown> => server.client.get("/apis/apps/v1/namespaces/consumer/deployments/hello");

  it("plans for both clusters, and touches nothing", async () => {
    const plan = await consumer.preview();
    expect(done(plan).filter((line) => / hello-\w+-/.test(line))).to.have.members(["west", "east"].flatMap((key) => ["namespace", "account", "service", "deployment"].map((what) => `create hello-${key}-${what}`)));
    for (const server of servers.values()) expect(await namespaceLabels(server, "consumer")).to.equal(undefined);
  });

  it("runs in both clusters, and each replica says where it is", async () => {
    await consumer.up();
    for (const [key, server] of servers) {
      expect(await namespaceLabels(server, "consumer")).to.include({ "istio-injection": "enabled" });
      const { spec, status } = (await deployment(server)) as { spec: object; status: { readyReplicas?: number } };
      expect(JSON.stringify(spec)).to.contain(`hello from ${key}-cluster`);
      expect(status.readyReplicas).to.equal(1);
    }
    const { url, clusters } = await consumer.outputs();
    expect(url).to.equal("http://hello.consumer");
    expect(clusters).to.have.members(["west", "east"]);
  });

  it("stays as it is when nothing has changed", async () => {
    expect(done(await consumer.up())).to.deep.equal([]);
  });

  it("keeps no administrator's key in plain text", async () => {
    const state = JSON.stringify(await consumer.export());
    expect(state).to.contain("usmesh-west").and.not.to.contain("client-key-data");
    expect(JSON.stringify(await consumer.export({ showSecrets: true }))).to.contain("client-key-data");
  });

  for (const [what, exported, message] of [
    ["is not a mesh stack", { url: "http://shop" }, `stack ${STACK}: it is not a mesh stack`],
    ["exports nothing yet", {}, `stack ${STACK}: it is not up`],
  ] as const) {
    it(`says so, and nothing else, when the stack ${what}`, async () => {
      await mesh.write(MESH(exported));
      await mesh.up();
      const { diagnostics, output } = await consumer.preview({ fails: true });
      expect(diagnostics.filter((line) => line.includes(message)), output).to.have.length(1);
      expect(output).not.to.match(/unhandled|\n\s+at /);
    });
  }

  it("says so when there is no such stack", async () => {
    consumer.configure(["organization/usmesh/nowhere"]);
    const { output } = await consumer.preview({ fails: true });
    expect(output).to.contain("stack organization/usmesh/nowhere: there is no such stack").and.not.to.match(/unhandled|\n\s+at /);
  });

  it("goes down, and leaves nothing", async () => {
    await consumer.destroy();
    for (const server of servers.values()) expect(await namespaceLabels(server, "consumer")).to.equal(undefined);
  });

  it("type-checks with the compiler settings that Pulumi uses", async () => {
    const compiler = resolve(__dirname, "../../../node_modules/typescript/bin/tsc");
    const options = ["--noEmit", "--target", "es2020", "--module", "nodenext", "--strict", "--skipLibCheck"];
    await promisify(execFile)(process.execPath, [compiler, ...options, "index.ts"], { cwd: consumer.folder });
  });
});
