import { expect } from "chai";
import type { CheckRequest, DiffRequest } from "../../../../airgap/plugins/lib/kind";
import { Secret, UNKNOWN, type Props } from "../../../../airgap/plugins/lib/values";
import type { ClusterAccess } from "../../../../airgap/plugins/kubernetes/access";
import { toState } from "../../../../airgap/plugins/kubernetes/checkpoint";
import { check } from "../../../../airgap/plugins/kubernetes/kind/check";
import { Context } from "../../../../airgap/plugins/kubernetes/kind/context";
import { diff } from "../../../../airgap/plugins/kubernetes/kind/diff";
import { type KubeObject, gvkOf } from "../../../../airgap/plugins/kubernetes/objects";
import { toObject } from "../../../../airgap/plugins/kubernetes/props";
import { parseSettings } from "../../../../airgap/plugins/kubernetes/settings";

/** A provider whose cluster cannot be reached: check and diff must do without one. */
function context(config: Record<string, unknown> = {}): Context {
  const settings = parseSettings(config, {});
  return new Context({
    flags: settings.flags,
    namespace: settings.namespace ?? "default",
    unreachable: "it is not there",
  } as ClusterAccess);
}

function checking(news: Props, { olds = {}, ...more }: Partial<CheckRequest> = {}): CheckRequest {
  const randomSeed = new Uint8Array([0xab, 0xcd, 0xef, 0x01, 0x23]);
  return { urn: "urn", name: "web", type: "kubernetes:core/v1:ConfigMap", olds, news, randomSeed, ...more };
}

const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" };
const inputsOf = async (news: Props, more: Partial<CheckRequest> = {}, config = {}, gvk = CONFIG_MAP) =>
  (await check(context(config), gvk, checking(news, more))).inputs;

describe("check", () => {
  it("fills in apiVersion, kind, namespace and a name of eight digits", async () => {
    expect(await inputsOf({ data: { a: "1" } })).to.deep.equal({
      apiVersion: "v1",
      kind: "ConfigMap",
      data: { a: "1" },
      metadata: { name: "web-abcdef01", namespace: "default", annotations: { "pulumi.com/autonamed": "true" } },
    });
  });

  it("keeps the names that were given, known or not", async () => {
    const named = await inputsOf({ metadata: { name: "mine", namespace: "there" } });
    expect(named["metadata"]).to.deep.equal({ name: "mine", namespace: "there" });
    const unknown = await inputsOf({ metadata: { name: UNKNOWN, namespace: UNKNOWN } });
    expect(unknown["metadata"]).to.deep.equal({ name: UNKNOWN, namespace: UNKNOWN });
    expect((await inputsOf({ metadata: UNKNOWN }))["metadata"]).to.equal(UNKNOWN);
  });

  it("keeps the automatic name that an object had, but not one that the program gave", async () => {
    const olds = await inputsOf({});
    const again = await inputsOf({}, { olds, randomSeed: new Uint8Array(8) });
    expect(again["metadata"]).to.deep.equal(olds["metadata"]);
    const once = await inputsOf({ metadata: { name: "given" } });
    expect(await inputsOf({}, { olds: once })).to.not.have.nested.property("metadata.name");
  });

  it("makes names as the project says", async () => {
    const proposed = await inputsOf({}, { autonaming: { mode: "enforce", proposedName: "exactly" } });
    expect(proposed).to.have.nested.property("metadata.name", "exactly");
    const disabled = check(context(), CONFIG_MAP, checking({}, { autonaming: { mode: "disable", proposedName: "" } }));
    expect(await disabled.catch((error: Error) => error.message)).to.contain("automatic naming is disabled");
  });

  it("takes the provider's namespace, and none for what has no place for one", async () => {
    expect(await inputsOf({}, {}, { namespace: "mine" })).to.have.nested.property("metadata.namespace", "mine");
    const role = await inputsOf({}, {}, {}, { group: "rbac.authorization.k8s.io", version: "v1", kind: "ClusterRole" });
    expect(role).to.not.have.nested.property("metadata.namespace");
  });

  it("learns from the program's definitions where their kinds live", async () => {
    const shared = context();
    const definition = {
      metadata: { name: "things.example.com" },
      spec: { group: "example.com", scope: "Cluster", names: { kind: "Thing" } },
    };
    const crd = { group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition" };
    await check(shared, crd, checking(definition));
    const thing = { group: "example.com", version: "v1", kind: "Thing" };
    const { inputs } = await check(shared, thing, checking({ metadata: { name: "t" } }));
    expect(inputs["metadata"]).to.deep.equal({ name: "t" });
  });

  it("makes a Secret's content secret, and its stringData data", async () => {
    const gvk = { group: "", version: "v1", kind: "Secret" };
    const inputs = await inputsOf({ kind: "Secret", stringData: { a: "x" } }, {}, {}, gvk);
    expect(inputs["data"]).to.deep.equal(new Secret({ a: "eA==" }));
    expect(inputs).to.not.have.property("stringData");
  });

  it("keeps the managed-by label that an object of old has, and gives it to no new one", async () => {
    const labels = { "app.kubernetes.io/managed-by": "pulumi" };
    const olds: Props = { metadata: { name: "n", labels } };
    expect(await inputsOf({ metadata: { name: "n" } }, { olds })).to.have.deep.nested.property("metadata.labels", labels);
    expect(await inputsOf({ metadata: { name: "n" } })).to.not.have.nested.property("metadata.labels");
  });

  it("refuses generateName and Patch resources of custom kinds", async () => {
    const generated = await check(context(), CONFIG_MAP, checking({ metadata: { generateName: "x-" } }));
    expect(generated.failures?.map(({ property }) => property)).to.deep.equal(["metadata.generateName"]);
    const gvk = { group: "example.com", version: "v1", kind: "ThingPatch" };
    const type = "kubernetes:example.com/v1:ThingPatch";
    const patch = await check(context(), gvk, checking({ kind: "Thing", metadata: { name: "t" } }, { type }));
    expect(patch.failures?.[0]?.reason).to.contain(type);
  });

  it("leaves everything as it was where updates of unreachable clusters are to be skipped", async () => {
    const olds: Props = { metadata: { name: "n" }, data: { a: "1" } };
    const skipped = await inputsOf({ data: { a: "2" } }, { olds }, { skipUpdateUnreachable: "true" });
    expect(skipped).to.equal(olds);
  });
});

/** A diff from one object to another, the live one being what was wished plus `extra`. */
function diffing(olds: KubeObject, news: Props, more: { extra?: KubeObject; config?: object; ignoreChanges?: string[] } = {}) {
  const live = { ...olds, ...more.extra };
  const request: DiffRequest = {
    urn: "urn",
    name: "r",
    type: "t",
    id: "id",
    state: toState(olds, live, olds, { initialApiVersion: "v1", fieldManager: "m" }),
    oldInputs: olds,
    news,
    ignoreChanges: more.ignoreChanges ?? [],
  };
  return diff(context({ ...more.config }), request);
}

const object = (kind: string, rest: KubeObject, name = "n"): KubeObject => ({
  apiVersion: kind === "Deployment" ? "apps/v1" : "v1",
  kind,
  metadata: { name, namespace: "default" },
  ...rest,
});

describe("diff", () => {
  it("sees nothing where only the cluster added something", async () => {
    const olds = object("Deployment", { spec: { replicas: 1 } });
    const extra = { spec: { replicas: 1, paused: false }, status: { replicas: 1 } };
    expect(await diffing(olds, olds, { extra })).to.deep.include({ changes: false, replaces: [], detailed: {} });
  });

  it("sees what drifted in the live object, once a refresh has seen it", async () => {
    const olds = object("Deployment", { spec: { replicas: 1 } });
    const found = await diffing(olds, olds, { extra: { spec: { replicas: 3 } } });
    expect(found.detailed).to.deep.equal({ "spec.replicas": "update" });
  });

  it("takes equal quantities and base64 for equal", async () => {
    const cpu = (value: string) => object("Pod", { spec: { containers: [{ resources: { requests: { cpu: value } } }] } });
    expect((await diffing(cpu("1"), cpu("1000m"))).changes).to.equal(false);
    const olds = object("Secret", { data: { a: "eA==" } });
    const { data: _, ...rest } = olds;
    expect((await diffing(olds, { ...rest, stringData: { a: "x" } })).changes).to.equal(false);
  });

  it("updates in place what may be", async () => {
    const found = await diffing(object("Deployment", { spec: { replicas: 1 } }), object("Deployment", { spec: { replicas: 2 } }));
    expect(found).to.deep.equal({
      changes: true,
      replaces: [],
      detailed: { "spec.replicas": "update" },
      deleteBeforeReplace: false,
    });
  });

  it("replaces for what the API server would refuse, the old one first where the name was given", async () => {
    const selector = (app: string) => object("Deployment", { spec: { selector: { matchLabels: { app } } } });
    expect(await diffing(selector("a"), selector("b"))).to.deep.include({
      replaces: ["spec.selector.matchLabels.app"],
      deleteBeforeReplace: true,
    });
  });

  it("replaces an object whose name was made only after its successor stands", async () => {
    const auto = (a: string): KubeObject => ({
      ...object("ConfigMap", { data: { a } }),
      metadata: { name: "n-1234", namespace: "default", annotations: { "pulumi.com/autonamed": "true" } },
    });
    expect(await diffing(auto("1"), auto("2"))).to.deep.include({ replaces: ["data.a"], deleteBeforeReplace: false });
  });

  it("replaces for another name or namespace without deleting first: they do not collide", async () => {
    const found = await diffing(object("ConfigMap", {}), object("ConfigMap", {}, "other"));
    expect(found).to.deep.include({ replaces: ["metadata.name"], deleteBeforeReplace: false });
    const moved = { ...object("ConfigMap", {}), metadata: { name: "n", namespace: "elsewhere" } };
    expect(await diffing(object("ConfigMap", {}), moved)).to.deep.include({
      replaces: ["metadata.namespace"],
      deleteBeforeReplace: false,
    });
  });

  it("takes no namespace for default", async () => {
    const news = { ...object("ConfigMap", {}), metadata: { name: "n" } };
    expect((await diffing(object("ConfigMap", {}), news)).changes).to.equal(false);
  });

  it("changes a ConfigMap in place where the provider is told to", async () => {
    const config = { enableConfigMapMutable: "true" };
    const found = await diffing(object("ConfigMap", { data: { a: "1" } }), object("ConfigMap", { data: { a: "2" } }), { config });
    expect(found).to.deep.include({ changes: true, replaces: [] });
  });

  it("leaves out what is ignored", async () => {
    const [olds, news] = [object("Deployment", { spec: { replicas: 1, paused: true } }), object("Deployment", { spec: { replicas: 2 } })];
    const found = await diffing(olds, news, { ignoreChanges: ["spec.replicas"] });
    expect(found.detailed).to.deep.equal({ "spec.paused": "delete" });
  });

  it("counts what is not known yet as a change", async () => {
    const news = { ...object("ConfigMap", {}), data: { a: UNKNOWN } };
    expect(await diffing(object("ConfigMap", { data: { a: "1" } }), news)).to.deep.include({ replaces: ["data.a"] });
  });

  it("does not miss a value that only hides in a secret", async () => {
    const news: Props = { ...object("Secret", {}), data: new Secret({ a: "eQ==" }) };
    const found = await diffing(object("Secret", { data: { a: "eA==" } }), news);
    expect(found.detailed).to.deep.equal({ "data.a": "update-replace" });
  });

  it("ignores the resourceVersion that an older state may hold", async () => {
    const olds = { ...object("ConfigMap", {}), metadata: { name: "n", namespace: "default", resourceVersion: "7" } };
    expect((await diffing(olds, object("ConfigMap", {}))).changes).to.equal(false);
  });
});

describe("a Job that is to be replaced when it is not ready", () => {
  const job = (more: KubeObject = {}): KubeObject => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "j", namespace: "default", annotations: { "pulumi.com/replaceUnready": "true" } },
    ...more,
  });
  const replacesWhen = async (status: KubeObject) => {
    const api = { get: async () => job({ status }) };
    const { flags } = parseSettings({}, {});
    const reachable = new Context({ flags, namespace: "default", unreachable: undefined, api } as unknown as ClusterAccess);
    const state = toState(job(), job(), job(), { initialApiVersion: "batch/v1", fieldManager: "m" });
    return diff(reachable, { urn: "u", name: "j", type: "t", id: "j", state, oldInputs: job(), news: job(), ignoreChanges: [] });
  };

  it("is, and the old one goes first", async () => {
    const found = await replacesWhen({ conditions: [{ type: "Failed", status: "True" }] });
    expect(found).to.deep.include({ changes: true, deleteBeforeReplace: true });
    expect(found.replaces).to.deep.equal(['metadata.annotations["pulumi.com/replaceUnready"]']);
  });

  it("stays once it is complete", async () => {
    const found = await replacesWhen({ conditions: [{ type: "Complete", status: "True" }] });
    expect(found).to.deep.include({ changes: false, replaces: [] });
  });
});

describe("an object's group, version and kind", () => {
  it("survive a trip through properties", () => {
    expect(gvkOf(toObject({ apiVersion: "apps/v1", kind: "Deployment" }))).to.deep.equal({
      group: "apps",
      version: "v1",
      kind: "Deployment",
    });
  });
});
