import { expect } from "chai";
import fc from "fast-check";
import { UNKNOWN } from "../../../../airgap/plugins/lib/values";
import type { JsonObject, KubeObject } from "../../../../airgap/plugins/kubernetes/objects";
import { detailedChanges } from "../../../../airgap/plugins/kubernetes/rules/changes";
import { withDropped, withoutDropped } from "../../../../airgap/plugins/kubernetes/rules/empties";
import { forceNewPaths } from "../../../../airgap/plugins/kubernetes/rules/forcenew";
import { normalize } from "../../../../airgap/plugins/kubernetes/rules/normalize";
import { formatPath, isWithin, parsePath } from "../../../../airgap/plugins/kubernetes/rules/property-path";
import { prune } from "../../../../airgap/plugins/kubernetes/rules/prune";
import { canonicalQuantity } from "../../../../airgap/plugins/kubernetes/rules/quantity";
import { DefinedScopes, knownScope } from "../../../../airgap/plugins/kubernetes/rules/scope";

const NO_FLAGS = { enableSecretMutable: false, enableConfigMapMutable: false };
const jsonObject = fc.object({
  key: fc.stringMatching(/^[a-z./"]{1,4}$/),
  values: [fc.boolean(), fc.integer(), fc.string(), fc.constant(null)],
}) as fc.Arbitrary<JsonObject>;

describe("quantities", () => {
  const spellings: [string, string][] = [
    ["1000m", "1"],
    ["0.5", "500m"],
    ["1500m", "1500m"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["0.5Ki", "512"],
    ["1000", "1k"],
    ["1e3", "1e3"],
    ["1E6", "1e6"],
    ["100u", "100u"],
    ["0", "0"],
    ["0Mi", "0"],
    ["-2000m", "-2"],
    ["+1", "1"],
  ];
  for (const [given, canonical] of spellings) {
    it(`spell ${given} as ${canonical}`, () => expect(canonicalQuantity(given)).to.equal(canonical));
  }

  it("leave alone what is none", () => {
    for (const text of ["", "auto", "1X", "Gi", "1 Gi"]) expect(canonicalQuantity(text)).to.equal(text);
  });

  it("have one spelling that spells itself", () => {
    const suffix = fc.constantFrom("", "m", "k", "M", "Ki", "Mi", "Gi");
    fc.assert(
      fc.property(fc.nat(1_000_000), suffix, (n, s) => {
        const once = canonicalQuantity(`${n}${s}`);
        expect(canonicalQuantity(once)).to.equal(once);
      }),
    );
  });
});

describe("normal form of inputs", () => {
  it("spells quantities in built-in kinds only", () => {
    const spec = { containers: [{ name: "c", resources: { requests: { cpu: "1000m" }, limits: { memory: "2048Mi" } } }] };
    const pod = normalize({ apiVersion: "v1", kind: "Pod", spec });
    expect(pod["spec"]).to.deep.equal({
      containers: [{ name: "c", resources: { requests: { cpu: "1" }, limits: { memory: "2Gi" } } }],
    });
    expect(normalize({ apiVersion: "example.com/v1", kind: "Thing", spec })["spec"]).to.deep.equal(spec);
  });

  it("leaves a definition's schema as it is, but not the status and the field of old", () => {
    const schema = { default: { size: "1000m" }, limits: { a: "1000m" } };
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      spec: { preserveUnknownFields: false, versions: [{ schema }] },
      status: {},
    };
    expect(normalize(definition)).to.deep.equal({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      spec: { versions: [{ schema }] },
    });
  });

  it("makes a Secret's stringData part of its data, which it overrides, and rewrites base64", () => {
    const secret = normalize({
      apiVersion: "v1",
      kind: "Secret",
      data: { a: "b2xk", wrapped: "aGVs\nbG8=\n", broken: "%%%" },
      stringData: { a: "new", b: "ü" },
    });
    expect(secret).to.deep.equal({
      apiVersion: "v1",
      kind: "Secret",
      data: { a: "bmV3", b: "w7w=", wrapped: "aGVsbG8=", broken: "%%%" },
    });
  });

  it("waits with a Secret that is not wholly known", () => {
    const secret = { apiVersion: "v1", kind: "Secret", stringData: { a: UNKNOWN, b: "x" } } as unknown as KubeObject;
    expect(normalize(secret)).to.deep.equal(secret);
  });

  it("takes away metadata that only the server writes, from custom kinds too", () => {
    const metadata = { name: "n", uid: "u", resourceVersion: "1", managedFields: [], generation: 2, creationTimestamp: null };
    expect(normalize({ apiVersion: "example.com/v1", kind: "Thing", metadata })["metadata"]).to.deep.equal({ name: "n" });
  });

  it("drops switches that are off and that the server leaves out", () => {
    const pod = { apiVersion: "v1", kind: "Pod", spec: { hostNetwork: false, automountServiceAccountToken: false } };
    expect(normalize(pod)["spec"]).to.deep.equal({ automountServiceAccountToken: false });
  });
});

describe("pruning a live object", () => {
  it("keeps what was wished, with live values", () => {
    const live: JsonObject = { a: 1, b: { c: 2, d: 3 }, e: [{ f: 1, g: 2 }, { f: 3 }], h: 4, i: ["x", "y"] };
    const wished = { a: 0, b: { c: 0 }, e: [{ f: 0 }], i: ["x", "z", "w"], missing: 1 };
    expect(prune(live, wished)).to.deep.equal({ a: 1, b: { c: 2 }, e: [{ f: 1 }], i: ["x", "y"] });
  });

  it("takes a list of another kind of items whole", () => {
    expect(prune({ a: ["x"] }, { a: [{ b: 1 }] })).to.deep.equal({ a: ["x"] });
  });

  it("of exactly what was wished is the wish", () => {
    fc.assert(
      fc.property(jsonObject, (object) => {
        expect(prune(object, object)).to.deep.equal(object);
      }),
    );
  });
});

describe("empty values", () => {
  const inputs = { spec: { env: [], labels: {}, on: false, size: 1, list: [{ args: [] }] } };
  const live = { spec: { size: 1, list: [{ name: "c" }] } };

  it("that the server dropped are no wish for a change", () => {
    expect(withoutDropped(inputs, inputs, live)).to.deep.equal({ spec: { size: 1, list: [{}] } });
  });

  it("are a wish where they are new, or where the server has something", () => {
    expect(withoutDropped(inputs, {}, live)).to.deep.equal(inputs);
    expect(withoutDropped({ on: false }, { on: false }, { on: true })).to.deep.equal({ on: false });
  });

  it("stay wished through a refresh", () => {
    expect(withDropped(prune(live, inputs), inputs)).to.deep.equal(inputs);
    expect(withDropped({ spec: {} }, { spec: { size: 1 } })).to.deep.equal({ spec: {} });
  });
});

describe("property paths", () => {
  it("are read as the engine writes them", () => {
    expect(parsePath('metadata.annotations["a.b/c"].x[2][*]')).to.deep.equal(["metadata", "annotations", "a.b/c", "x", 2, "*"]);
    expect(() => parsePath("a[b")).to.throw('"a[b" is no property path');
  });

  it("are written so that they read the same", () => {
    const step = fc.oneof(fc.nat(9), fc.string({ minLength: 1 }).filter((s) => s !== "*" && !s.includes("\\")));
    fc.assert(
      fc.property(fc.string({ minLength: 1 }).filter((s) => s !== "*" && !s.includes("\\")), fc.array(step), (first, rest) => {
        expect(parsePath(formatPath([first, ...rest]))).to.deep.equal([first, ...rest]);
      }),
    );
  });

  it("lead into what contains them", () => {
    expect(isWithin(["a", 0, "b"], ["a", "*"])).to.equal(true);
    expect(isWithin(["a"], ["a", "b"])).to.equal(false);
  });
});

describe("changes", () => {
  it("are named by path, with what forces a new object", () => {
    const olds = { spec: { replicas: 1, selector: { matchLabels: { app: "a" } }, list: [{ image: "1" }], gone: 1 } };
    const news: JsonObject = { spec: { replicas: 2, selector: { matchLabels: { app: "b" } }, list: [{ image: "2" }, {}], fresh: { x: 1 } } };
    expect(detailedChanges(olds, news, [".spec.selector", ".spec.list[*].image", ".spec.fresh.x"])).to.deep.equal({
      "spec.replicas": "update",
      "spec.selector.matchLabels.app": "update-replace",
      "spec.list[0].image": "update-replace",
      "spec.list[1]": "add",
      "spec.gone": "delete",
      "spec.fresh": "add-replace",
    });
  });

  it("are not there between equals, and null is as good as absent", () => {
    fc.assert(
      fc.property(jsonObject, (object) => {
        expect(detailedChanges(object, structuredClone(object), [])).to.deep.equal({});
      }),
    );
    expect(detailedChanges({ a: null }, {}, [])).to.deep.equal({});
    expect(detailedChanges({}, { a: null }, [])).to.deep.equal({});
  });

  it("may come of what is not known yet", () => {
    const unknown = { a: UNKNOWN, b: UNKNOWN } as unknown as JsonObject;
    expect(detailedChanges({ a: 1 }, unknown, [".a"])).to.deep.equal({ a: "update-replace", b: "add" });
  });
});

describe("properties that force a new object", () => {
  const paths = (apiVersion: string, kind: string, more: JsonObject = {}, flags = NO_FLAGS) =>
    forceNewPaths({ apiVersion, kind, ...more }, flags);
  const IDENTITY = [".metadata.name", ".metadata.namespace"];

  it("are name and namespace for any kind", () => {
    expect(paths("example.com/v1", "Thing")).to.deep.equal(IDENTITY);
    expect(paths("rbac.authorization.k8s.io/v1", "ClusterRole")).to.deep.equal(IDENTITY);
  });

  const kinds: [string, string, string[]][] = [
    ["apps/v1", "Deployment", [".spec.selector"]],
    ["apps/v1", "DaemonSet", [".spec.selector"]],
    ["apps/v1", "StatefulSet", [".spec.serviceName", ".spec.volumeClaimTemplates", ".spec.selector"]],
    ["batch/v1", "Job", [".spec.template", ".spec.completions"]],
    ["v1", "Service", [".spec.clusterIP"]],
    ["v1", "Pod", [".spec.containers[*].image", ".spec.nodeName"]],
    ["v1", "PersistentVolumeClaim", [".spec.storageClassName", ".spec.accessModes"]],
    ["v1", "PersistentVolume", [".spec.csi", ".spec.hostPath"]],
    ["v1", "ResourceQuota", [".spec.scopes"]],
    ["rbac.authorization.k8s.io/v1", "RoleBinding", [".roleRef"]],
    ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding", [".roleRef"]],
    ["storage.k8s.io/v1", "StorageClass", [".provisioner", ".parameters"]],
  ];
  for (const [apiVersion, kind, some] of kinds) {
    it(`of a ${kind} are ${some.join(", ")}`, () => expect(paths(apiVersion, kind)).to.include.members(some));
  }

  it("of a Secret and a ConfigMap are their content, unless they are told to be mutable and not immutable", () => {
    const mutable = { enableSecretMutable: true, enableConfigMapMutable: true };
    expect(paths("v1", "Secret")).to.include.members([".type", ".data", ".stringData"]);
    expect(paths("v1", "Secret", {}, mutable)).to.deep.equal([...IDENTITY, ".type"]);
    expect(paths("v1", "Secret", { immutable: true }, mutable)).to.include(".data");
    expect(paths("v1", "ConfigMap")).to.include.members([".data", ".binaryData"]);
    expect(paths("v1", "ConfigMap", {}, mutable)).to.deep.equal(IDENTITY);
    expect(paths("v1", "ConfigMap", { immutable: true }, mutable)).to.include(".data");
  });
});

describe("scopes", () => {
  it("of built-in kinds are known without a cluster", () => {
    expect(knownScope({ group: "apps", version: "v1", kind: "Deployment" })).to.equal(true);
    expect(knownScope({ group: "", version: "v1", kind: "Namespace" })).to.equal(false);
    expect(knownScope({ group: "example.com", version: "v1", kind: "Deployment" })).to.equal(undefined);
  });

  it("of kinds that the program defines are known before they are created", () => {
    const scopes = new DefinedScopes();
    scopes.add({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      spec: { group: "example.com", scope: "Cluster", names: { kind: "Thing" } },
    });
    expect(scopes.find({ group: "example.com", version: "v9", kind: "Thing" })).to.equal(false);
    expect(scopes.find({ group: "example.com", version: "v1", kind: "Other" })).to.equal(undefined);
  });
});
