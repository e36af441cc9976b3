/** Create, update, replace, delete: who wins, who waits, who is refused. */
import { expect } from "chai";
import { stringAt, type JsonObject, type KubeObject } from "../../../airgap/plugins/kubernetes/objects";
import { done } from "../support/events";
import { kubernetesProgram, onApiServer } from "../support/kubernetes-program";

const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" };
const DEPLOYMENT = { group: "apps", version: "v1", kind: "Deployment" };

const configMap = (name: string, more = "") =>
  `new k8s.core.v1.ConfigMap("it", { metadata: { name: "${name}" }, data: { a: "1" } ${more} }, o);`;

describe("writes of the kubernetes plugin", function () {
  this.timeout(120_000);
  const suite = onApiServer();
  const existing = (name: string, rest: JsonObject): Promise<KubeObject> =>
    suite.server.api.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, ...rest }, { fieldManager: "somebody" });
  const get = (name: string, gvk = CONFIG_MAP) => suite.server.api.get({ gvk, namespace: "default", name });

  it("never take over what exists, unless they are told to", async () => {
    await existing("taken", { data: { a: "theirs" } });
    const project = await suite.open(configMap("taken"));
    expect(done(await project.preview())).to.deep.equal(["create it"]);
    const refused = await project.up({ fails: true });
    expect(refused.output).to.contain("ConfigMap default/taken exists already").and.contain("upsertExistingObjects");
    expect((await get("taken"))["data"]).to.deep.equal({ a: "theirs" });

    await project.write(
      kubernetesProgram(
        'new k8s.core.v1.ConfigMap("it", { metadata: { name: "taken", annotations: { "pulumi.com/patchForce": "true" } }, data: { a: "1" } }, o);',
        "{ upsertExistingObjects: true }",
      ),
    );
    await project.up();
    expect((await get("taken"))["data"]).to.deep.equal({ a: "1" });
  });

  it("make a name where none is given, and keep it", async () => {
    const body = (a: string) => `new k8s.core.v1.ConfigMap("auto", { metadata: { labels: { a: "${a}" } } }, o);`;
    const project = await suite.open(body("1"));
    await project.up();
    const { id, inputs } = await project.resource("auto");
    expect(id).to.match(/^default\/auto-[0-9a-f]{8}$/);
    expect(inputs).to.have.nested.property("metadata.annotations").deep.equal({ "pulumi.com/autonamed": "true" });
    await project.write(kubernetesProgram(body("2")));
    expect(done(await project.up())).to.deep.equal(["update auto"]);
    expect((await project.resource("auto")).id).to.equal(id);
  });

  it("replace an object of a made name before the old one goes, and one of a given name after", async () => {
    const body = (a: string) => `
new k8s.core.v1.ConfigMap("auto", { data: { a: "${a}" } }, o);
new k8s.core.v1.ConfigMap("named", { metadata: { name: "named" }, data: { a: "${a}" } }, o);`;
    const project = await suite.open(body("1"));
    await project.up();
    await project.write(kubernetesProgram(body("2")));
    const steps = done(await project.up());
    const at = (step: string) => steps.indexOf(step);
    expect(at("create-replacement auto")).to.be.greaterThan(-1).and.lessThan(at("delete-replaced auto"));
    expect(at("delete-replaced named")).to.be.greaterThan(-1).and.lessThan(at("create-replacement named"));
  });

  it("change a ConfigMap in place where the provider is told to", async () => {
    const settings = "{ enableConfigMapMutable: true }";
    const project = await suite.open(configMap("mutable"), settings);
    await project.up();
    await project.write(kubernetesProgram(configMap("mutable").replace('a: "1"', 'a: "2"'), settings));
    expect(done(await project.up())).to.deep.equal(["update it"]);
    expect((await get("mutable"))["data"]).to.deep.equal({ a: "2" });
  });

  it("replace what the API server would not let change", async () => {
    const body = (app: string) => `
const labels = { app: "${app}" };
new k8s.apps.v1.Deployment("it", { metadata: { name: "selects" }, spec: {
  replicas: 1, selector: { matchLabels: labels },
  template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } },
} }, o);`;
    const project = await suite.open(body("a"));
    await project.up();
    await project.write(kubernetesProgram(body("b")));
    const outcome = await project.up();
    expect(done(outcome)).to.include.members(["delete-replaced it", "create-replacement it"]);
    expect(await get("selects", DEPLOYMENT)).to.have.nested.property("spec.selector.matchLabels.app", "b");
  });

  it("take away from the object what the program takes away, and nothing else", async () => {
    const body = (labels: string) => `new k8s.core.v1.ConfigMap("it", { metadata: { name: "labels", labels: ${labels} } }, o);`;
    const project = await suite.open(body('{ a: "1", b: "1" }'));
    await project.up();
    const theirs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "labels", labels: { theirs: "1" } } };
    await suite.server.api.apply(theirs, { fieldManager: "somebody", force: false });
    await project.write(kubernetesProgram(body('{ a: "1" }')));
    await project.up();
    expect(await get("labels")).to.have.nested.property("metadata.labels").deep.equal({ a: "1", theirs: "1" });
  });

  it("refuse to take a field from its owner, unless they are told to", async () => {
    const body = (a: string, annotations = "{}") =>
      `new k8s.core.v1.ConfigMap("it", { metadata: { name: "owned", annotations: ${annotations}, labels: { a: "${a}" } } }, o);`;
    const project = await suite.open(body("1"));
    await project.up();
    const theirs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "owned", labels: { a: "theirs" } } };
    await suite.server.api.apply(theirs, { fieldManager: "the-owner", force: true });
    await project.write(kubernetesProgram(body("2")));
    const refused = await project.up({ fails: true });
    for (const part of ["the-owner", ".metadata.labels.a", "pulumi-kubernetes-", "pulumi.com/patchForce"]) {
      expect(refused.output).to.contain(part);
    }
    expect(await get("owned")).to.have.nested.property("metadata.labels.a", "theirs");
    await project.write(kubernetesProgram(body("2", '{ "pulumi.com/patchForce": "true" }')));
    await project.up();
    expect(await get("owned")).to.have.nested.property("metadata.labels.a", "2");
  });

  it("apply as the manager they are told to, and leave nothing with the old one", async () => {
    const body = (annotations: string) =>
      `new k8s.core.v1.ConfigMap("it", { metadata: { name: "managed", annotations: ${annotations}, labels: { a: "1" } } }, o);`;
    const project = await suite.open(body('{ x: "1" }'));
    await project.up();
    await project.write(kubernetesProgram(body('{ "pulumi.com/patchFieldManager": "me" }')));
    await project.up();
    const fields = (await get("managed"))["metadata"] as { managedFields: { manager: string }[] };
    expect(fields.managedFields.map(({ manager }) => manager)).to.deep.equal(["me"]);
    expect((await project.resource("it")).outputs).to.include({ __fieldManager: "me" });
  });

  it("leave ignored fields to whoever sets them", async () => {
    const body = (image: string) => `
const labels = { app: "ignored" };
new k8s.apps.v1.Deployment("it", { metadata: { name: "ignored" }, spec: {
  replicas: 1, selector: { matchLabels: labels },
  template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "${image}" }] } },
} }, { ...o, ignoreChanges: ["spec.replicas"] });`;
    const project = await suite.open(body("i:1"));
    await project.up();
    const ref = { gvk: DEPLOYMENT, namespace: "default", name: "ignored" };
    await suite.server.api.mergePatch(ref, { spec: { replicas: 2 } }, { fieldManager: "autoscaler" });
    expect(done(await project.up({ args: ["--refresh"] }))).to.not.include("update it");
    await project.write(kubernetesProgram(body("i:2")));
    await project.up();
    expect(await get("ignored", DEPLOYMENT)).to.have.nested.property("spec.replicas", 2);
  });

  it("replace a definition as a whole, so that a version that was taken away is gone", async () => {
    const version = (name: string, storage: boolean) =>
      `{ name: "${name}", served: true, storage: ${storage}, schema: { openAPIV3Schema: { type: "object" } } }`;
    const body = (versions: string[]) => `
new k8s.apiextensions.v1.CustomResourceDefinition("it", { metadata: { name: "gadgets.example.com" }, spec: {
  group: "example.com", scope: "Cluster", names: { kind: "Gadget", plural: "gadgets" }, versions: [${versions.join(", ")}],
} }, o);`;
    const project = await suite.open(body([version("v1", true), version("v2", false)]));
    await project.up();
    await project.write(kubernetesProgram(body([version("v1", true)])));
    expect(done(await project.up())).to.deep.equal(["update it"]);
    const gvk = { group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition" };
    const definition = await suite.server.api.get({ gvk, namespace: "", name: "gadgets.example.com" });
    expect(definition).to.have.nested.property("spec.versions").with.length(1);
  });

  it("create what needs a namespace and a definition that the same program makes a little later", async () => {
    const project = await suite.open(`
const thing = new k8s.apiextensions.CustomResource("thing", {
  apiVersion: "late.example.com/v1", kind: "Late", metadata: { name: "thing", namespace: "late" },
}, o);
const wait = pulumi.output(new Promise((resolve) => setTimeout(() => resolve("late"), 2000)));
new k8s.core.v1.Namespace("ns", { metadata: { name: wait } }, o);
new k8s.apiextensions.v1.CustomResourceDefinition("definition", { metadata: { name: "lates.late.example.com" }, spec: {
  group: "late.example.com", scope: "Namespaced", names: { kind: "Late", plural: "lates" },
  versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
} }, o);`);
    expect(done(await project.up()).sort()).to.deep.equal(["create definition", "create ns", "create thing"]);
    expect((await project.resource("thing")).id).to.equal("late/thing");
  });

  it("put what names no namespace into the provider's", async () => {
    const project = await suite.open('new k8s.core.v1.ConfigMap("it", { metadata: { name: "placed" } }, o);', '{ namespace: "kube-public" }');
    await project.up();
    expect((await project.resource("it")).id).to.equal("kube-public/placed");
  });

  it("count what is gone already as deleted", async () => {
    const project = await suite.open(configMap("gone"));
    await project.up();
    await suite.server.api.delete({ gvk: CONFIG_MAP, namespace: "default", name: "gone" }, { propagation: "Background" });
    expect(done(await project.destroy())).to.deep.equal(["delete it"]);
  });

  it("say what holds an object that will not go", async () => {
    const project = await suite.open(`
new k8s.core.v1.ConfigMap("it", { metadata: { name: "held", finalizers: ["example.com/hold"] } }, { ...o, customTimeouts: { delete: "2s" } });`);
    await project.up();
    const stuck = await project.destroy({ fails: true });
    expect(stuck.output).to.contain("ConfigMap default/held was not gone within 2 s").and.contain("example.com/hold");
    const ref = { gvk: CONFIG_MAP, namespace: "default", name: "held" };
    await suite.server.api.mergePatch(ref, { metadata: { finalizers: null } }, { fieldManager: "test" });
    expect(done(await project.destroy())).to.deep.equal(["delete it"]);
  });

  it("show no secret where the API server refuses it and quotes it", async () => {
    const project = await suite.open(`
new k8s.core.v1.ConfigMap("it", { metadata: { name: "quoted", labels: { x: pulumi.secret("swordfish password!") } } }, o);`);
    const refused = await project.up({ fails: true });
    expect(refused.output).to.contain('Invalid value: "[secret]": a valid label must').and.not.contain("swordfish");
    expect(await project.stateText()).to.not.contain("swordfish");
  });

  it("make secret in the state what was made of a secret", async () => {
    const project = await suite.open(`
new k8s.core.v1.ConfigMap("it", { metadata: { name: "hidden" }, data: { shown: "visible-text", hidden: pulumi.secret("hidden-text") } }, o);`);
    await project.up();
    const state = await project.stateText();
    expect(state).to.contain("visible-text").and.not.contain("hidden-text");
    await project.refresh();
    expect(await project.stateText()).to.not.contain("hidden-text");
    expect(stringAt(await get("hidden"), "data", "hidden")).to.equal("hidden-text");
  });
});
