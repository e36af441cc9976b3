import { expect } from "chai";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startApiServer } from "../support/api-server";
import { done } from "../support/events";
import { GREETER, Greetings, NAMESPACE } from "../support/greetings";
import { createProject } from "../support/project";
import { watchCommandLines } from "../support/processes";

describe("helm releases under the real engine", function () {
  this.timeout(180_000);
  let greetings: Greetings;

  before(async () => {
    greetings = await Greetings.open();
  });
  after(() => greetings.server.stop());
  afterEach(function () {
    return greetings.end({ purge: this.currentTest?.state === "failed" });
  });

  it("are previewed, installed, left alone, upgraded, mended and uninstalled", async () => {
    await greetings.start({ name: "hello", args: '{ values: { greeting: "hello" } }' });
    const { project, server } = greetings;
    expect(done(await project.preview())).to.eql(["create hello"]);
    expect(await greetings.list()).to.eql([]);

    await project.up();
    const { hello, "hello-resources": resources } = await project.outputs();
    const status = { name: "hello", namespace: NAMESPACE, revision: 1, status: "deployed", chart: "greeter" };
    expect(hello).to.eql({ ...status, version: "1.2.0", appVersion: "7.1" });
    expect(resources).to.eql({
      "ConfigMap/v1": ["hello"],
      "Deployment.apps/apps/v1": ["hello"],
      "Secret/v1": ["hello"],
      "Service/v1": ["hello"],
    });
    expect((await project.resource("hello")).id).to.equal(`${NAMESPACE}/hello`);
    const gvk = { group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition" };
    await server.api.get({ gvk, namespace: "", name: "greetings.test.usmesh.io" });

    expect(done(await project.up()), "the same program again").to.eql([]);
    expect(done(await project.refresh())).to.eql([]);

    await greetings.write({ name: "hello", args: '{ values: { greeting: "good day" }, maxHistory: 2 }' });
    const changed = await project.up();
    expect(done(changed)).to.eql(["update hello"]);
    expect(changed.steps.find(({ name }) => name === "hello")?.changed).to.eql(["maxHistory", "values.greeting"]);
    expect(await greetings.greeting("hello")).to.equal("good day");
    expect(await greetings.history("hello")).to.eql(["1 superseded", "2 deployed"]);

    await greetings.helm("upgrade", "hello", GREETER, "--set", "greeting=drifted", "--wait");
    expect(done(await project.refresh())).to.eql(["update hello"]);
    expect(done(await project.up()), "drift is set back").to.eql(["update hello"]);
    expect(await greetings.greeting("hello")).to.equal("good day");
    expect(await greetings.history("hello"), "no more than maxHistory").to.eql(["3 superseded", "4 deployed"]);

    await greetings.helm("uninstall", "hello", "--wait");
    await project.refresh();
    expect(done(await project.up()), "what is gone is made again").to.eql(["create hello"]);

    await greetings.write({ name: "hello", args: '{ name: "renamed", values: { greeting: "good day" } }' });
    const renamed = await project.up();
    expect(renamed.steps.find(({ op }) => op === "replace")?.changed).to.include("name");
    expect(await greetings.list()).to.eql(["renamed"]);

    await project.destroy();
    expect(await greetings.list()).to.eql([]);
  });

  it("follow their local chart: another version, other files", async () => {
    await greetings.start({ name: "local", args: '{ chart: "./greeter" }' });
    const { project } = greetings;
    const chart = join(project.folder, "greeter");
    await cp(GREETER, chart, { recursive: true });
    await project.up();
    const manifest = join(chart, "Chart.yaml");
    await writeFile(manifest, (await readFile(manifest, "utf8")).replace("version: 1.2.0", "version: 1.3.0"));
    const upgraded = await project.up();
    expect(upgraded.steps.find(({ name }) => name === "local")?.changed).to.include("version");
    expect((await project.outputs())["local"]).to.include({ revision: 2, version: "1.3.0" });

    await writeFile(join(chart, "values.yaml"), "greeting: from the file\nreplicas: 1\n");
    expect(done(await project.up())).to.eql(["update local"]);
    expect(await greetings.greeting("local")).to.equal("from the file");
    expect(done(await project.up())).to.eql([]);
    await project.destroy();
  });

  it("are imported by namespace and name", async () => {
    await greetings.helm("install", "found", GREETER, "--create-namespace", "--set", "greeting=found", "--wait");
    const args = '{ chart: "greeter", createNamespace: false, timeout: undefined, values: { greeting: "found" } }';
    await greetings.start({ name: "found", args, options: `{ import: "${NAMESPACE}/found" }` });
    const { project } = greetings;
    await cp(GREETER, join(project.folder, "greeter"), { recursive: true });
    expect(done(await project.up())).to.eql(["import found"]);
    await greetings.write({ name: "found", args });
    expect(done(await project.up())).to.eql([]);
    await project.destroy();
    expect(await greetings.list()).to.eql([]);
  });

  it("say why they did not become ready, and are upgraded by the next run", async () => {
    const values = '{ stuck: true, password: pulumi.secret("hunter2") }';
    await greetings.start({ name: "stuck", args: `{ timeout: 4, values: ${values} }` });
    const message = (await greetings.project.up({ fails: true })).diagnostics.join("\n");
    expect(message).to.contain(`Helm release "${NAMESPACE}/stuck" was created, but failed to initialize completely`);
    expect(message).to.contain("context deadline exceeded");
    expect(message).to.match(/Deployment greetings\/stuck: 0 of 1 pods are ready/);
    expect(message).to.match(/Pod greetings\/stuck-\S+: 0\/1 nodes are available/);
    expect(await greetings.history("stuck")).to.eql(["1 failed"]);
    expect(await greetings.project.stateText()).to.contain("stuck").and.not.contain("hunter2");

    // Not without any value: Helm would then keep the last ones.
    await greetings.write({ name: "stuck", args: '{ values: { greeting: "hello" } }' });
    expect(done(await greetings.project.up())).to.eql(["update stuck"]);
    expect(await greetings.history("stuck")).to.eql(["1 superseded", "2 deployed"]);
    await greetings.project.destroy();
  });

  it("leave nothing behind with atomic when they fail", async () => {
    await greetings.start({ name: "whole", args: "{ atomic: true, timeout: 4, values: { stuck: true } }" });
    expect((await greetings.project.up({ fails: true })).diagnostics.join("\n")).to.contain("atomic");
    expect(await greetings.list()).to.eql([]);
    await greetings.write({ name: "whole", args: "{ atomic: true }" });
    expect(done(await greetings.project.up())).to.eql(["create whole"]);
    await greetings.project.destroy();
  });

  it("say which hook failed", async () => {
    await greetings.start({ name: "hooked", args: "{ values: { failingHook: true } }" });
    const failed = await greetings.project.up({ fails: true });
    expect(failed.diagnostics.join("\n")).to.match(/failed pre-install: .*no-such-namespace/s);
    await greetings.write({ name: "hooked", args: "{ values: { failingHook: true }, disableCRDHooks: true }" });
    await greetings.project.up();
    await greetings.project.destroy();
  });

  it("do not take over a release that somebody else made", async () => {
    await greetings.helm("install", "taken", GREETER, "--create-namespace", "--set", "greeting=mine", "--wait");
    await greetings.start({ name: "taken", args: '{ values: { greeting: "theirs" } }' });
    const { project } = greetings;
    expect((await project.up({ fails: true })).diagnostics.join("\n"))
      .to.contain(`Helm release ${NAMESPACE}/taken exists already`)
      .and.contain("cannot re-use a name that is still in use");
    expect(await greetings.greeting("taken")).to.equal("mine");
    expect((await project.export()).some(({ id }) => id === `${NAMESPACE}/taken`)).to.equal(false);
    await project.destroy();
    expect(await greetings.list(), "destroy leaves it alone").to.eql(["taken"]);
    await greetings.helm("uninstall", "taken");
  });

  it("fail the preview for a chart that is not there, by name", async () => {
    await greetings.start({ name: "lost", args: '{ chart: "./nowhere" }' });
    const failed = await greetings.project.preview({ fails: true });
    expect(failed.output).to.contain('chart "./nowhere" was not found').and.contain("check the chart name");
  });

  it("are previewed while values and the whole cluster are still unknown", async () => {
    const args = { name: "later", namespace: NAMESPACE, createNamespace: true, chart: GREETER };
    const program = `
const k8s = require("@pulumi/kubernetes");
const tls = require("@pulumi/tls");
const key = new tls.PrivateKey("key", { algorithm: "ED25519" });
const kubeconfig = key.privateKeyPem.apply(() => ${JSON.stringify(greetings.server.kubeconfig)});
const provider = new k8s.Provider("later", { kubeconfig });
const args = { ...${JSON.stringify(args)}, values: { password: key.privateKeyPem } };
const release = new k8s.helm.v3.Release("later", args, { provider });
exports.revision = release.status.revision;
exports.key = key.privateKeyPem;
`;
    const project = await createProject({ plugins: ["kubernetes", "tls"], program });
    greetings.take(project);
    expect(done(await project.preview())).to.have.members(["create key", "create later"]);
    await project.up();
    const { revision, key } = await project.outputs();
    expect(revision).to.equal(1);
    expect(await project.stateText(), "the key is a secret in the state").not.to.contain((key as string).split("\n")[1]);
    expect(done(await project.up())).to.eql([]);
    await project.destroy();
  });

  it("run side by side on two clusters, and show their secrets nowhere", async () => {
    const other = await startApiServer({ name: "other" });
    try {
      const declare = (values: string) =>
        ["one", "two", "three", "four"].map((name, i) => ({
          name,
          server: i % 2 === 0 ? greetings.server : other,
          args: `{ values: { password: pulumi.secret("hunter2-of-${name}") ${values} } }`,
        }));
      await greetings.start(...declare(""));
      const { project } = greetings;
      const watch = watchCommandLines();
      const outcome = await project.up();
      const lines = await watch.stop();
      expect(lines.some((line) => line.includes("helm\0install")), "helm was seen at work").to.equal(true);
      for (const [where, text] of [
        ["a command line", lines.join("\n")],
        ["the output", outcome.output],
        ["the state", await project.stateText()],
      ] as const) {
        expect(text, where).not.to.contain("hunter2");
      }
      const { values } = (await project.resource("three", { showSecrets: true })).outputs as { values: object };
      expect(JSON.stringify(values)).to.contain("hunter2-of-three");
      const statuses = Object.values(await project.outputs()).flatMap((o) => (o as { status?: string }).status ?? []);
      expect(statuses).to.eql(["deployed", "deployed", "deployed", "deployed"]);

      await greetings.write(...declare(', forbidden: pulumi.secret("hunter3")'));
      const failed = await project.up({ fails: true });
      expect(failed.output).to.contain("forbidden is [secret]").and.not.contain("hunter");
      await project.destroy();
    } finally {
      await other.stop();
    }
  });
});
