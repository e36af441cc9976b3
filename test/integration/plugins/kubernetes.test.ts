import { expect } from "chai";
import { type ApiServer, startApiServer } from "../support/api-server";
import { done, type Outcome } from "../support/events";
import { kubernetesProgram, kubernetesProject } from "../support/kubernetes-program";
import type { Project } from "../support/project";

/** One resource of every kind that a mesh needs; `tag`, `note` and `size` are what changes. */
const everything = ({ tag = "1", note = "one", size = 1 } = {}) => `
const ns = new k8s.core.v1.Namespace("ns", { metadata: { name: "demo", labels: { "topology.istio.io/network": "west" } } }, o);
const namespace = ns.metadata.name;
const config = new k8s.core.v1.ConfigMap("config", { metadata: { namespace }, data: { mesh: "1" } }, o);
const secret = new k8s.core.v1.Secret("secret", {
  metadata: { namespace, name: "cacerts", labels: { note: "${note}" } }, stringData: { "ca-key.pem": "private-key-material" },
}, o);
const reader = new k8s.core.v1.ServiceAccount("reader", { metadata: { namespace, name: "reader" } }, o);
const token = new k8s.core.v1.Secret("token", {
  metadata: { namespace, name: "reader-token", annotations: { "kubernetes.io/service-account.name": reader.metadata.name } },
  type: "kubernetes.io/service-account-token",
}, o);
const labels = { app: "web" };
const pods = (image) => ({
  metadata: { labels },
  spec: {
    hostNetwork: false,
    containers: [{ name: "c", image, env: [], resources: { requests: { cpu: "1000m", memory: "1024Mi" } } }],
    volumes: [{ name: "scratch", emptyDir: {} }],
  },
});
const deployment = new k8s.apps.v1.Deployment("deployment", {
  metadata: { namespace, name: "web" },
  spec: { replicas: 2, selector: { matchLabels: labels }, template: pods("web:${tag}") },
}, o);
const daemons = new k8s.apps.v1.DaemonSet("daemons", {
  metadata: { namespace, name: "agent" }, spec: { selector: { matchLabels: labels }, template: pods("agent:1") },
}, o);
const service = new k8s.core.v1.Service("service", {
  metadata: { namespace, name: "web" }, spec: { selector: labels, ports: [{ name: "http", port: 80 }] },
}, { ...o, dependsOn: deployment });
const definition = new k8s.apiextensions.v1.CustomResourceDefinition("definition", {
  metadata: { name: "things.example.com" },
  spec: {
    group: "example.com", scope: "Namespaced", names: { kind: "Thing", plural: "things" },
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: {
      type: "object", properties: { spec: { type: "object", x_kubernetes_preserve_unknown_fields: true } },
    } } }],
  },
}, o);
const thing = new k8s.apiextensions.CustomResource("thing", {
  apiVersion: "example.com/v1", kind: "Thing", metadata: { namespace, name: "thing" }, spec: { size: ${size}, free: { form: ["a"] } },
}, { ...o, dependsOn: definition });
const role = new k8s.rbac.v1.ClusterRole("role", { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] }, o);
const binding = new k8s.rbac.v1.ClusterRoleBinding("binding", {
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
  subjects: [{ kind: "ServiceAccount", name: reader.metadata.name, namespace }],
}, o);
exports.config = config.metadata.name;
exports.token = token.data.token;
exports.key = secret.data["ca-key.pem"];
exports.clusterIP = service.spec.clusterIP;
exports.schema = definition.spec.versions[0].schema.openAPIV3Schema.properties.spec;
`;

const NAMES = [
  ...["binding", "config", "daemons", "definition", "deployment", "ns"],
  ...["reader", "role", "secret", "service", "thing", "token"],
];

const ops = (op: string) => NAMES.map((name) => `${op} ${name}`);
const changesOf = (outcome: Outcome) =>
  Object.fromEntries(outcome.steps.filter(({ changed }) => changed.length > 0).map(({ name, changed }) => [name, changed]));

describe("the kubernetes plugin, from preview to destroy", function () {
  this.timeout(180_000);
  let server: ApiServer;
  let project: Project;
  const write = (wishes: Parameters<typeof everything>[0]) => project.write(kubernetesProgram(everything(wishes)));

  before(async () => {
    server = await startApiServer();
    project = await kubernetesProject(server, everything());
  });
  after(async () => {
    await project?.remove();
    await server?.stop();
  });

  it("previews everything before any of it exists", async () => {
    expect(done(await project.preview()).sort()).to.deep.equal(ops("create"));
  });

  it("creates everything and waits until it is ready", async () => {
    const outcome = await project.up();
    expect(done(outcome).sort()).to.deep.equal(ops("create"));
    const status = (name: string) => outcome.steps.find((step) => step.name === name)?.outputs["status"];
    expect(status("deployment")).to.include({ availableReplicas: 2 });
    expect(status("daemons")).to.include({ numberReady: 1 });
  });

  it("gives outputs as the official plugin does", async () => {
    const outputs = await project.outputs();
    expect(outputs["config"]).to.match(/^config-[0-9a-f]{8}$/);
    expect(Buffer.from(String(outputs["token"]), "base64").toString()).to.match(/^eyJ/);
    expect(Buffer.from(String(outputs["key"]), "base64").toString()).to.equal("private-key-material");
    expect(outputs["clusterIP"]).to.match(/^10\./);
    expect(outputs["schema"]).to.have.property("x_kubernetes_preserve_unknown_fields", true);
  });

  it("keeps a state of the official shape", async () => {
    const { id, inputs, outputs } = await project.resource("deployment");
    expect(id).to.equal("demo/web");
    expect(inputs).to.deep.include({ apiVersion: "apps/v1", kind: "Deployment" });
    expect(outputs).to.include({ __initialApiVersion: "apps/v1" });
    expect(outputs?.["__fieldManager"]).to.match(/^pulumi-kubernetes-[0-9a-f]{8}$/);
    expect(outputs?.["__inputs"]).to.deep.equal(inputs);
    expect((await project.resource("ns")).id).to.equal("demo");
  });

  it("leaves no key and no token readable in the state", async () => {
    const { token, key } = await project.outputs();
    const state = await project.stateText();
    for (const secret of [token, key, "private-key-material"]) expect(state).to.not.contain(String(secret));
    expect(state).to.not.contain("client-key-data");
  });

  it("changes nothing when nothing changed", async () => {
    expect(done(await project.up())).to.deep.equal([]);
    expect(done(await project.preview())).to.deep.equal([]);
  });

  it("previews exactly what is wished to change", async () => {
    await write({ tag: "2", note: "two", size: 2 });
    const outcome = await project.preview();
    expect(done(outcome).sort()).to.deep.equal(["update deployment", "update secret", "update thing"]);
    expect(changesOf(outcome)).to.deep.equal({
      deployment: ["spec.template.spec.containers[0].image"],
      secret: ["metadata.labels.note"],
      thing: ["spec.size"],
    });
  });

  it("changes exactly that, and waits for the rollout", async () => {
    const outcome = await project.up();
    expect(done(outcome).sort()).to.deep.equal(["update deployment", "update secret", "update thing"]);
    const deployment = outcome.steps.find(({ name }) => name === "deployment")?.outputs;
    expect(deployment).to.have.nested.property("status.updatedReplicas", 2);
    expect(deployment).to.have.nested.property("status.observedGeneration", 2);
    expect(done(await project.up())).to.deep.equal([]);
  });

  it("refreshes without finding anything, and changes nothing after", async () => {
    expect(done(await project.refresh())).to.deep.equal([]);
    expect(done(await project.up())).to.deep.equal([]);
  });

  it("destroys everything and waits until it is gone", async () => {
    const outcome = await project.destroy();
    expect(done(outcome).sort()).to.deep.equal(ops("delete"));
    const left = await server.api.list({ group: "", version: "v1", kind: "Namespace" }, "");
    expect(left.map((ns) => (ns["metadata"] as { name: string }).name)).to.not.include("demo");
  });
});
