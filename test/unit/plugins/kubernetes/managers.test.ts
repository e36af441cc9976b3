import { expect } from "chai";
import type { JsonObject, KubeObject } from "../../../../airgap/plugins/kubernetes/objects";
import { withIgnored } from "../../../../airgap/plugins/kubernetes/rules/ignored";
import { fieldManagerOf, forces, isOthers, takeOver } from "../../../../airgap/plugins/kubernetes/rules/managers";

const entry = (manager: string, operation: string, fieldsV1: JsonObject, more: JsonObject = {}): JsonObject => ({
  manager,
  operation,
  apiVersion: "v1",
  fieldsType: "FieldsV1",
  fieldsV1,
  ...more,
});
const live = (...managedFields: JsonObject[]): KubeObject => ({ metadata: { managedFields }, spec: { a: 1, b: 2 } });

describe("the field manager", () => {
  it("is the annotation's, else the one there was, else a new one", () => {
    const annotated = { metadata: { annotations: { "pulumi.com/patchFieldManager": "mine" } } };
    expect(fieldManagerOf(annotated, "had")).to.equal("mine");
    expect(fieldManagerOf({}, "had")).to.equal("had");
    expect(fieldManagerOf({}, undefined)).to.match(/^pulumi-kubernetes-[0-9a-f]{8}$/);
    expect(fieldManagerOf({}, undefined)).to.not.equal(fieldManagerOf({}, undefined));
  });
});

describe("force", () => {
  const owned = live(entry("somebody", "Apply", {}));

  it("is for those who ask for it", () => {
    const asks = { metadata: { annotations: { "pulumi.com/patchForce": "true" } } };
    expect(forces({}, owned, false, false)).to.equal(false);
    expect(forces(asks, owned, false, false)).to.equal(true);
    expect(forces({}, owned, true, false)).to.equal(true);
  });

  it("is for previews where the update would not need it", () => {
    expect(forces({}, undefined, false, true)).to.equal(true);
    expect(forces({}, undefined, false, false)).to.equal(false);
    const created = live(entry("pulumi-kubernetes", "Update", {}));
    expect(forces({}, created, false, true)).to.equal(true);
    expect(forces({}, created, false, false)).to.equal(false);
  });

  it("is for objects from before there were managers", () => {
    expect(forces({}, {}, false, false)).to.equal(true);
  });
});

describe("taking fields over", () => {
  it("makes what a create owns the applier's, and leaves others and subresources alone", () => {
    const other = entry("hpa", "Update", { "f:spec": { "f:replicas": {} } });
    const status = entry("pulumi-kubernetes", "Update", { "f:status": {} }, { subresource: "status" });
    const created = entry("pulumi-kubernetes", "Update", { "f:spec": { "f:a": {} } });
    expect(takeOver(live(other, created, status), "me")).to.deep.equal([
      other,
      status,
      entry("me", "Apply", { "f:spec": { "f:a": {} } }),
    ]);
  });

  it("adds them to what the applier owns already", () => {
    const mine = entry("me", "Apply", { "f:spec": { "f:a": {} } }, { time: "t" });
    const kubectl = entry("kubectl", "Apply", { "f:spec": { "f:b": {} }, "f:x": {} });
    expect(takeOver(live(mine, kubectl), "me")).to.deep.equal([
      entry("me", "Apply", { "f:spec": { "f:a": {}, "f:b": {} }, "f:x": {} }, { time: "t" }),
    ]);
  });

  it("is nothing where there is nothing to take", () => {
    expect(takeOver(live(entry("me", "Apply", {})), "me")).to.equal(undefined);
  });
});

describe("ignored changes on an update", () => {
  const theirs = entry("hpa", "Update", { "f:spec": { "f:a": {} } });
  const mine = entry("me", "Apply", { "f:spec": { "f:b": {} } });
  const wished = { spec: { a: 10, b: 20, c: 30 } };

  it("leave others' fields to them", () => {
    expect(isOthers(live(theirs, mine), ["spec", "a"], "me")).to.equal(true);
    expect(withIgnored(wished, live(theirs, mine), ["spec.a"], "me")).to.deep.equal({ spec: { b: 20, c: 30 } });
  });

  it("send the live value of fields of our own", () => {
    expect(withIgnored(wished, live(theirs, mine), ["spec.b"], "me")).to.deep.equal({ spec: { a: 10, b: 2, c: 30 } });
  });

  it("send what is wished for where the cluster has nothing, and for paths into lists", () => {
    expect(withIgnored(wished, live(), ["spec.c", "spec.list[0]"], "me")).to.deep.equal(wished);
  });
});
