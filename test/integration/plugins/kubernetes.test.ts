import { expect } from "chai";
import { join } from "node:path";
import { inSteps } from "../../support/steps";
import { objectsPath, secretIn, secretUid } from "../program/support/objects";
import { startApiServer, type ApiServer } from "../support/api-server";
import { done, type Outcome } from "../support/events";
import { createProject, type Project } from "../support/project";

const CHART = join(__dirname, "../fixtures/mesh/base");
const NAMESPACE = "istio-system";
const KEY = "a-key-that-nobody-may-see";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/**
 * A cluster as the mesh's program uses one, at its smallest: a command tells the kubeconfig, and everything in the cluster is gone
 * when the command's resource is.
 *
 * @param files what the Secret `keys` holds.
 * @param extra JavaScript at its end.
 */
function program(files: Record<string, string>, extra = ""): string {
  const data = Object.fromEntries(Object.entries(files).map(([file, text]) => [file, base64(text)]));
  return `
const pulumi = require("@pulumi/pulumi");
const k8s = require("@pulumi/kubernetes");
const { local } = require("@pulumi/command");
const cluster = new local.Command("cluster", { create: "cat $TEST_KUBECONFIG", logging: "none" }, { additionalSecretOutputs: ["stdout"] });
const settings = { kubeconfig: cluster.stdout, clusterIdentifier: cluster.id, enableServerSideApply: true, enableSecretMutable: true };
const provider = new k8s.Provider("provider", settings, { deletedWith: cluster });
const o = { provider, deletedWith: cluster };
const { metadata: { name: namespace } } = new k8s.core.v1.Namespace("namespace", { metadata: { name: "${NAMESPACE}" } }, o);
const secret = (name, args, more) => new k8s.core.v1.Secret(name, { ...args, metadata: { name, namespace, ...args.metadata } }, { ...o, ...more });
secret("keys", { type: "Opaque", data: pulumi.secret(${JSON.stringify(data)}) });
const base = new k8s.helm.v3.Release("base", { name: "base", namespace, chart: ${JSON.stringify(CHART)}, version: "1.31.4", timeout: 60 }, o);
const annotations = { "kubernetes.io/service-account.name": "istio-reader-service-account", "pulumi.com/waitFor": "jsonpath={.data.token}" };
const reader = secret("reader", { type: "kubernetes.io/service-account-token", metadata: { annotations } }, { dependsOn: base });
exports.token = reader.data.apply((content) => Buffer.from(content.token, "base64").toString());
${extra}
`;
}

describe("the kubernetes provider, as the program relies on it", function () {
  inSteps(this);
  let server: ApiServer;
  let project: Project;
  const said: string[] = [];

  before(async () => {
    server = await startApiServer();
    const env = { TEST_KUBECONFIG: server.kubeconfigPath };
    project = await createProject({ plugins: ["command", "kubernetes"], program: program({ one: KEY, two: "2" }), env });
  });
  after(async () => {
    await project?.remove();
    await server?.stop();
  });

  const heard = (outcome: Outcome): Outcome => {
    said.push(outcome.output);
    return outcome;
  };
  const uid = (name: string): Promise<string> => secretUid(server, NAMESPACE, name);

  it("plans everything before its cluster exists, and asks no other cluster", async () => {
    const names = ["cluster", "namespace", "keys", "base", "reader"].map((name) => `create ${name}`);
    expect(done(heard(await project.preview({ args: ["--diff"] })))).to.have.members(names);
  });

  it("is found under the version that the SDK asks for", async () => {
    expect(heard(await project.up({ args: ["--diff"] })).diagnostics.join("\n")).not.to.match(/warning|version|plugin/i);
  });

  it("waits for a token, which is secret", async () => {
    expect((await project.outputs())["token"]).to.be.a("string").with.length.greaterThan(100);
    expect((await project.resource("reader")).outputs?.["data"]).to.have.property("ciphertext");
  });

  it("changes nothing when nothing has changed, and finds nothing changed", async () => {
    expect(done(heard(await project.up()))).to.deep.equal([]);
    expect(done(heard(await project.refresh()))).to.deep.equal([]);
    expect(done(heard(await project.up()))).to.deep.equal([]);
  });

  it("updates a Secret in place, and removes from it what the program removes", async () => {
    const before = await uid("keys");
    await project.write(program({ one: `${KEY}-2` }));
    expect(done(heard(await project.up({ args: ["--diff"] })))).to.deep.equal(["update keys"]);
    expect(await secretIn(server, NAMESPACE, "keys")).to.deep.equal({ one: `${KEY}-2` });
    expect(await uid("keys")).to.equal(before);
  });

  it("adopts what exists already: a run that was killed may have created it", async () => {
    const metadata = { name: "late", namespace: NAMESPACE };
    const object = { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", data: { old: base64("old") } };
    await server.client.request("POST", objectsPath(NAMESPACE, "secrets"), object);
    const before = await uid("late");
    await project.write(program({ one: `${KEY}-2` }, `secret("late", { type: "Opaque", data: { new: "${base64("new")}" } });`));
    expect(done(heard(await project.up()))).to.deep.equal(["create late"]);
    expect(await uid("late")).to.equal(before);
    expect(await secretIn(server, NAMESPACE, "late")).to.include({ new: "new" });
  });

  it("shows no key, no token and no kubeconfig in plain text, neither in the state nor on the terminal", async () => {
    const { token } = (await project.outputs()) as { token: string };
    const [, clientKey = ""] = /client-key-data: (\S+)/.exec(server.kubeconfig) ?? [];
    const texts = [await project.stateText(), ...said].join("\n");
    for (const secret of [KEY, base64(`${KEY}-2`), token, base64(token), clientKey]) {
      expect(secret).to.have.length.greaterThan(20);
      expect(texts).not.to.contain(secret);
    }
  });

  it("deletes everything with its cluster when nothing answers there any more", async () => {
    await server.halt();
    await project.destroy();
    expect(await project.export()).to.deep.equal([]);
  });
});
