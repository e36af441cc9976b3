import { expect } from "chai";
import { Asset, Secret, UNKNOWN, hasSecret, type Props } from "../../../../airgap/plugins/lib/values";
import { propagationOf, timeoutOf } from "../../../../airgap/plugins/kubernetes/annotations";
import { fromState, toState } from "../../../../airgap/plugins/kubernetes/checkpoint";
import { idOf, parseGvk, parseId } from "../../../../airgap/plugins/kubernetes/objects";
import { markSecrets, toObject, toProps } from "../../../../airgap/plugins/kubernetes/props";
import { kindOfToken } from "../../../../airgap/plugins/kubernetes/tokens";

describe("type tokens", () => {
  it("name a kind of the API server", () => {
    expect(kindOfToken("kubernetes:core/v1:Secret")).to.deep.equal({ group: "", version: "v1", kind: "Secret" });
    expect(kindOfToken("kubernetes:apps/v1:Deployment")).to.deep.equal({ group: "apps", version: "v1", kind: "Deployment" });
    expect(kindOfToken("kubernetes:networking.istio.io/v1:Gateway")).to.deep.equal({
      group: "networking.istio.io",
      version: "v1",
      kind: "Gateway",
    });
  });

  const refused = [
    "kubernetes:core/v1:ConfigMapPatch",
    "kubernetes:core/v1:ConfigMapList",
    "kubernetes:yaml/v2:ConfigFile",
    "kubernetes:yaml/v2:ConfigGroup",
    "kubernetes:yaml:ConfigFile",
    "kubernetes:helm.sh/v3:Chart",
    "kubernetes:helm.sh/v4:Chart",
    "kubernetes:kustomize/v2:Directory",
    "kubernetes:meta/v1:Status",
    "tls:index/privateKey:PrivateKey",
  ];
  for (const token of refused) it(`refuse ${token}`, () => expect(kindOfToken(token)).to.equal(undefined));

  it("leave custom kinds whose own name ends in Patch or List alone", () => {
    expect(kindOfToken("kubernetes:example.com/v1:AllowList")?.kind).to.equal("AllowList");
  });
});

describe("ids and versions", () => {
  it("are namespace/name, or name", () => {
    expect(idOf({ metadata: { name: "n", namespace: "ns" } })).to.equal("ns/n");
    expect(idOf({ metadata: { name: "n" } })).to.equal("n");
    expect(parseId("ns/n")).to.deep.equal({ namespace: "ns", name: "n" });
    expect(parseId("n")).to.deep.equal({ namespace: "", name: "n" });
  });

  it("take core/v1 for v1", () => {
    expect(parseGvk("core/v1", "Pod")).to.deep.equal(parseGvk("v1", "Pod"));
    expect(parseGvk("apps/v1", "X")).to.deep.equal({ group: "apps", version: "v1", kind: "X" });
  });
});

describe("properties", () => {
  it("become an object without secret wrappers, with dashes where languages need underscores", () => {
    const props: Props = { a: new Secret({ b: 1 }), s: [{ x_kubernetes_preserve_unknown_fields: true }], x_other: 1 };
    const object = { a: { b: 1 }, s: [{ "x-kubernetes-preserve-unknown-fields": true }], x_other: 1 };
    expect(toObject(props)).to.deep.equal(object);
    expect(toProps(object)).to.deep.equal({ ...props, a: { b: 1 } });
  });

  it("keep what is not known yet", () => {
    expect(toObject({ a: UNKNOWN, b: new Secret(UNKNOWN) })).to.deep.equal({ a: UNKNOWN, b: UNKNOWN });
  });

  it("cannot hold files", () => {
    expect(() => toObject({ a: new Asset("asset", {}) })).to.throw("cannot hold an asset");
  });
});

describe("secret outputs", () => {
  it("are what was made of secret inputs; a list as a whole", () => {
    const ins: Props = { spec: { token: new Secret("t"), plain: 1, list: [1, new Secret(2)] } };
    expect(markSecrets({ spec: { token: "t", plain: 1, list: [1, 2] }, status: {} }, ins)).to.deep.equal({
      spec: { token: new Secret("t"), plain: 1, list: new Secret([1, 2]) },
      status: {},
    });
  });

  it("are always the content of a Secret, also of one inside another object", () => {
    expect(markSecrets({ kind: "Secret", data: { a: "eA==" } }, {})["data"]).to.deep.equal(new Secret({ a: "eA==" }));
    const outs = markSecrets({ spec: { template: { kind: "Secret", stringData: { a: "x" } } } }, { spec: { template: {} } });
    expect(hasSecret(outs)).to.equal(true);
  });
});

describe("the state of an object", () => {
  const inputs = { apiVersion: "v1", kind: "Secret", metadata: { name: "n" }, data: { a: "eA==" } };
  const live = { ...inputs, metadata: { name: "n", uid: "u" } };
  const given: Props = { ...inputs, data: new Secret({ a: "eA==" }) };
  const state = toState(inputs, live, given, { initialApiVersion: "v1", fieldManager: "pulumi-kubernetes-12345678" });

  it("holds live object, inputs and origin under the official names", () => {
    expect(state).to.deep.equal({
      ...live,
      data: new Secret({ a: "eA==" }),
      __inputs: { ...inputs, data: new Secret({ a: "eA==" }) },
      __initialApiVersion: "v1",
      __fieldManager: "pulumi-kubernetes-12345678",
    });
  });

  it("comes apart again", () => {
    expect(fromState(state)).to.deep.equal({
      inputs,
      live,
      initialApiVersion: "v1",
      fieldManager: "pulumi-kubernetes-12345678",
    });
    expect(fromState(live)).to.deep.equal({ inputs: {}, live, initialApiVersion: undefined, fieldManager: undefined });
  });
});

describe("annotations", () => {
  const annotated = (annotations: Record<string, string>) => ({ metadata: { annotations } });

  it("set the timeout where the program sets none", () => {
    expect(timeoutOf(0, {})).to.equal(600);
    expect(timeoutOf(0, {}, 30)).to.equal(30);
    expect(timeoutOf(0, annotated({ "pulumi.com/timeoutSeconds": "5" }), 30)).to.equal(5);
    expect(timeoutOf(7, annotated({ "pulumi.com/timeoutSeconds": "5" }))).to.equal(7);
    expect(timeoutOf(0, annotated({ "pulumi.com/timeoutSeconds": "soon" }))).to.equal(600);
  });

  it("set what is deleted first", () => {
    expect(propagationOf({})).to.equal("Foreground");
    expect(propagationOf(annotated({ "pulumi.com/deletionPropagationPolicy": "Background" }))).to.equal("Background");
    expect(propagationOf(annotated({ "pulumi.com/deletionPropagationPolicy": "orphan" }))).to.equal("Orphan");
  });
});
