import { expect } from "chai";
import { Secret, UNKNOWN, type Props } from "../../../../airgap/plugins/lib/values";
import { ApiError, NoMatchError } from "../../../../airgap/plugins/kubernetes/cluster/errors";
import { explain } from "../../../../airgap/plugins/kubernetes/kind/errors";
import { kubernetesPlugin } from "../../../../airgap/plugins/kubernetes/plugin";
import { diffProvider } from "../../../../airgap/plugins/kubernetes/provider-diff";
import { parseSettings, refusedSettings } from "../../../../airgap/plugins/kubernetes/settings";

const kubeconfig = (server: string, token = "t") =>
  JSON.stringify({
    "current-context": "a",
    contexts: [
      { name: "a", context: { cluster: "a", user: "u" } },
      { name: "b", context: { cluster: "b", user: "u" } },
    ],
    clusters: [
      { name: "a", cluster: { server } },
      { name: "b", cluster: { server: "https://b" } },
    ],
    users: [{ name: "u", user: { token } }],
  });

describe("the provider's settings", () => {
  it("are parsed from what the SDK sends: JSON text for anything but strings", () => {
    const settings = parseSettings(
      {
        kubeconfig: "text",
        namespace: "ns",
        deleteUnreachable: "true",
        enableConfigMapMutable: false,
        helmReleaseSettings: '{"driver":"secret"}',
        kubeClientSettings: '{"timeout":5}',
      },
      {},
    );
    expect(settings).to.deep.include({ kubeconfig: "text", namespace: "ns", helm: { driver: "secret" }, clientTimeoutSeconds: 5 });
    expect(settings.flags).to.include({ deleteUnreachable: true, enableConfigMapMutable: false, enablePatchForce: false });
  });

  it("fall back to their environment variables", () => {
    const env = { PULUMI_K8S_DELETE_UNREACHABLE: "true", PULUMI_K8S_ENABLE_PATCH_FORCE: "true" };
    expect(parseSettings({ enablePatchForce: "false" }, env).flags).to.include({ deleteUnreachable: true, enablePatchForce: false });
  });

  it("that are not imitated are refused by name", () => {
    const names = (inputs: Record<string, unknown>, env = {}) => refusedSettings(inputs, env).map(({ property }) => property);
    expect(names({ enableServerSideApply: "true", alwaysRender: "false", renderYamlToDirectory: "" })).to.deep.equal([]);
    expect(names({ enableServerSideApply: "false" })).to.deep.equal(["enableServerSideApply"]);
    expect(names({}, { PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY: "false" })).to.deep.equal(["enableServerSideApply"]);
    expect(names({ renderYamlToDirectory: "out", alwaysRender: "true" })).to.deep.equal(["renderYamlToDirectory", "alwaysRender"]);
  });
});

describe("a change of the provider", () => {
  const settings = (server: string, more: Props = {}): Props => ({ kubeconfig: new Secret(kubeconfig(server)), ...more });

  it("is none where nothing changed", () => {
    expect(diffProvider(settings("https://a"), settings("https://a"))).to.deep.equal({ changes: false });
  });

  it("to another cluster replaces it, to another token does not", () => {
    expect(diffProvider(settings("https://a"), settings("https://other"))).to.deep.equal({ changes: true, replaces: ["kubeconfig"] });
    const rotated = { kubeconfig: kubeconfig("https://a", "rotated") };
    expect(diffProvider(settings("https://a"), rotated)).to.deep.equal({ changes: true, replaces: [] });
  });

  it("to another context or cluster of the kubeconfig replaces it", () => {
    expect(diffProvider(settings("https://a"), settings("https://a", { context: "b" })).replaces).to.deep.equal(["context"]);
    expect(diffProvider(settings("https://a"), settings("https://a", { cluster: "b" })).replaces).to.deep.equal(["cluster"]);
  });

  it("to something not known yet replaces it", () => {
    expect(diffProvider(settings("https://a"), { kubeconfig: UNKNOWN }).replaces).to.deep.equal(["kubeconfig"]);
  });

  it("with the same identifier replaces nothing, whatever else changes", () => {
    const olds = settings("https://a", { clusterIdentifier: "one" });
    expect(diffProvider(olds, settings("https://other", { clusterIdentifier: "one" }))).to.deep.equal({ changes: true });
    expect(diffProvider(olds, { kubeconfig: UNKNOWN, clusterIdentifier: "one" })).to.deep.equal({ changes: true });
  });

  it("of the identifier replaces it, known or not", () => {
    const olds = settings("https://a", { clusterIdentifier: "one" });
    expect(diffProvider(olds, settings("https://a", { clusterIdentifier: "two" })).replaces).to.deep.equal(["clusterIdentifier"]);
    expect(diffProvider(olds, settings("https://a", { clusterIdentifier: UNKNOWN })).replaces).to.deep.equal(["clusterIdentifier"]);
  });

  it("that only gives or takes the identifier replaces nothing", () => {
    const [without, identified] = [settings("https://a"), settings("https://a", { clusterIdentifier: "one" })];
    expect(diffProvider(without, identified)).to.deep.equal({ changes: true, replaces: [] });
    expect(diffProvider(identified, without)).to.deep.equal({ changes: true, replaces: [] });
  });
});

describe("the plugin", () => {
  const plugin = kubernetesPlugin("4.34.0", () => ({}) as never);

  it("knows no type before it is configured, and refuses others by saying nothing of them", async () => {
    expect(() => plugin.kind("kubernetes:core/v1:Secret")).to.throw("was not configured");
    expect(plugin.kind("kubernetes:yaml/v2:ConfigFile")).to.equal(undefined);
    await plugin.configure({});
    expect(plugin.kind("kubernetes:core/v1:Secret")).to.have.property("create");
    expect(plugin.kind("kubernetes:helm.sh/v3:Release")).to.deep.equal({});
    expect(plugin.kind("kubernetes:core/v1:SecretPatch")).to.equal(undefined);
  });

  it("has no function calls", () => expect(plugin).to.not.have.property("invoke"));

  it("says in check what it will not do", async () => {
    const checked = await plugin.checkConfig?.({ enableServerSideApply: "false" }, {});
    expect(checked?.failures?.map(({ property }) => property)).to.deep.equal(["enableServerSideApply"]);
  });
});

describe("explaining a refusal", () => {
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "n", namespace: "ns" } };
  const explained = (error: unknown) => explain(error, object, "me");

  it("says how to go about what exists", () => {
    expect(explained(new ApiError(409, "AlreadyExists", "exists"))).to.contain("ConfigMap ns/n exists already").and.contain("pulumi import");
  });

  it("names the fields of a conflict, the manager, and the annotation", () => {
    const details = { details: { causes: [{ field: ".data.a" }, { field: ".data.b" }] } };
    const text = explained(new ApiError(409, "Conflict", "conflict with hpa", details));
    for (const part of ['field manager "me"', ".data.a, .data.b", "conflict with hpa", "pulumi.com/patchForce"]) {
      expect(text).to.contain(part);
    }
  });

  it("says what to create first", () => {
    expect(explained(new NoMatchError("example.com/v1", "Thing"))).to.contain("CustomResourceDefinition first");
  });
});
