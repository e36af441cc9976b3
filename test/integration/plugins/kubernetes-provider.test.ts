/** The provider resource: which cluster it is, whether that can be reached, and what is refused. */
import { expect } from "chai";
import { startApiServer } from "../support/api-server";
import { done } from "../support/events";
import { kubernetesProgram, kubernetesProject, onApiServer } from "../support/kubernetes-program";
import { createProject } from "../support/project";

const config = (name = "it", a = "1") => `new k8s.core.v1.ConfigMap("it", { metadata: { name: "${name}", labels: { a: "${a}" } } }, o);`;

describe("the provider of the kubernetes plugin", function () {
  this.timeout(120_000);
  const suite = onApiServer();

  it("is previewed while its cluster is still to be made", async () => {
    const project = await createProject({
      plugins: ["kubernetes", "tls"],
      // The key stands for a cluster: until it is made, nobody knows the kubeconfig.
      program: `
const k8s = require("@pulumi/kubernetes");
const tls = require("@pulumi/tls");
const cluster = new tls.PrivateKey("cluster", { algorithm: "ED25519" });
const kubeconfig = cluster.privateKeyPem.apply(() => require("fs").readFileSync(process.env.TEST_KUBECONFIG, "utf8"));
const provider = new k8s.Provider("provider", { kubeconfig, clusterIdentifier: cluster.id });
const ns = new k8s.core.v1.Namespace("ns", { metadata: { name: "early" } }, { provider });
const it = new k8s.core.v1.Secret("it", { metadata: { namespace: ns.metadata.name }, stringData: { key: cluster.privateKeyPem } }, { provider });
exports.name = it.metadata.name;`,
      env: { TEST_KUBECONFIG: suite.server.kubeconfigPath },
    });
    suite.keep(project);
    expect(done(await project.preview()).sort()).to.deep.equal(["create cluster", "create it", "create ns"]);
    expect(done(await project.up()).sort()).to.deep.equal(["create cluster", "create it", "create ns"]);
    expect((await project.outputs())["name"]).to.match(/^it-[0-9a-f]{8}$/);
    expect(done(await project.up())).to.deep.equal([]);
  });

  it("replaces everything when its identifier changes, and nothing when only the kubeconfig does", async () => {
    const project = await suite.open(config("identified"), '{ clusterIdentifier: "one" }');
    await project.up();
    await project.write(kubernetesProgram(config("identified"), '{ clusterIdentifier: "one", context: "test" }'));
    expect(done(await project.up())).to.deep.equal([]);
    await project.write(kubernetesProgram(config("identified-too"), '{ clusterIdentifier: "two", context: "test" }'));
    const outcome = await project.up();
    expect(done(outcome)).to.include.members(["create-replacement it", "delete-replaced it"]);
    expect(outcome.steps.filter(({ type }) => type === "pulumi:providers:kubernetes").map(({ op }) => op)).to.include("create-replacement");
  });

  it("whose cluster cannot be reached says so, drops nothing by itself, and drops what lived there when told to", async () => {
    const other = await startApiServer({ name: "other" });
    try {
      const project = await kubernetesProject(other, config());
      suite.keep(project);
      await project.up();
      await other.halt();

      expect(done(await project.preview())).to.deep.equal([]);
      const reason = "configured Kubernetes cluster is unreachable: cannot reach the API server at https://127.0.0.1:";
      await project.write(kubernetesProgram(config("it", "2")));
      expect((await project.up({ fails: true })).output).to.contain(reason);
      const refreshed = await project.refresh({ fails: true });
      expect(refreshed.output).to.contain(reason).and.contain("PULUMI_K8S_DELETE_UNREACHABLE");
      expect((await project.destroy({ fails: true })).output).to.contain(reason);

      await project.write(kubernetesProgram(config("it", "2"), "{ skipUpdateUnreachable: true }"));
      expect(done(await project.up())).to.deep.equal([]);

      await project.write(kubernetesProgram("", "{ deleteUnreachable: true }"));
      const dropped = await project.up();
      expect(done(dropped)).to.deep.equal(["delete it"]);
      expect(dropped.output).to.contain("deleteUnreachable is set");
    } finally {
      await other.stop();
    }
  });

  it("drops what lived in an unreachable cluster on refresh, when told to by the environment", async () => {
    const other = await startApiServer({ name: "other" });
    try {
      const project = await createProject({
        plugins: ["kubernetes"],
        program: kubernetesProgram(config()),
        env: { TEST_KUBECONFIG: other.kubeconfigPath, PULUMI_K8S_DELETE_UNREACHABLE: "true" },
      });
      suite.keep(project);
      await project.up();
      await other.halt();
      expect(done(await project.refresh())).to.deep.equal(["delete it"]);
    } finally {
      await other.stop();
    }
  });

  it("never takes the ambient kubeconfig", async () => {
    const project = await createProject({
      plugins: ["kubernetes"],
      program: `
const k8s = require("@pulumi/kubernetes");
const provider = new k8s.Provider("provider", {});
new k8s.core.v1.ConfigMap("it", {}, { provider });`,
      env: { HOME: "/nonexistent", KUBECONFIG: "" },
    });
    suite.keep(project);
    expect((await project.up({ fails: true })).output).to.contain("was given no kubeconfig");
  });

  const refused: [what: string, body: string, said: string, settings?: string][] = [
    ["components", 'new k8s.yaml.v2.ConfigFile("it", { file: "x.yaml" }, o);', "kubernetes:yaml/v2:ConfigFile"],
    ["charts that are rendered here", 'new k8s.helm.v4.Chart("it", { chart: "x" }, o);', "kubernetes:helm.sh/v4:Chart"],
    ["Patch resources", 'new k8s.core.v1.ConfigMapPatch("it", { metadata: { name: "x" } }, o);', "kubernetes:core/v1:ConfigMapPatch"],
    ["List resources", 'new k8s.core.v1.ConfigMapList("it", { items: [] }, o);', "kubernetes:core/v1:ConfigMapList"],
    [
      "Patch resources of custom kinds",
      'new k8s.apiextensions.CustomResourcePatch("it", { apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "x" } }, o);',
      "kubernetes:example.com/v1:ThingPatch",
    ],
    ["names made by the API server", 'new k8s.core.v1.ConfigMap("it", { metadata: { generateName: "x-" } }, o);', "generateName"],
    ["function calls", 'pulumi.runtime.invoke("kubernetes:yaml:decode", { text: "a: 1" }, o);', "kubernetes:yaml:decode"],
    ["client-side apply", config(), "enableServerSideApply", "{ enableServerSideApply: false }"],
    ["rendering to files", config(), "renderYamlToDirectory", '{ renderYamlToDirectory: "out", kubeconfig: undefined }'],
  ];
  for (const [what, body, said, settings] of refused) {
    it(`refuses ${what} by name`, async () => {
      const project = await suite.open(body, settings);
      expect((await project.up({ fails: true })).output).to.contain(said);
    });
  }
});
