import { expect } from "chai";
import { attempt, dotted, isReady, selects, slashed } from "../../../../../cli/verify/gather/resources";
import { pod } from "../support/fake-cluster";

describe("a selector", () => {
  it("selects what has all of its labels", () => {
    expect(selects({ a: "1" }, { a: "1", b: "2" })).to.equal(true);
    expect(selects({ a: "1", b: "3" }, { a: "1", b: "2" })).to.equal(false);
  });

  it("that is empty selects nothing", () => expect(selects({}, { a: "1" })).to.equal(false));
});

describe("a pod", () => {
  it("is ready when its condition says so and it is not being deleted", () => {
    const going = pod("going");
    going.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
    expect([pod("a"), pod("b", { ready: false }), going].map(isReady)).to.deep.equal([true, false, false]);
  });

  it("has a name as Istio and as Kubernetes write it", () => {
    expect([dotted({ name: "a", namespace: "b" }), slashed({ name: "a", namespace: "b" }), dotted({ name: "a" })]).to.deep.equal(["a.b", "b/a", "a.default"]);
  });
});

describe("an attempt", () => {
  it("keeps a failure as text, an error without a message by its name", async () => {
    expect(await attempt(() => Promise.resolve(1))).to.deep.equal({ ok: true, value: 1 });
    expect(await attempt(() => Promise.reject(new Error("no")))).to.deep.equal({ ok: false, error: "no" });
    expect(await attempt(() => Promise.reject(new AggregateError([])))).to.deep.equal({ ok: false, error: "AggregateError" });
  });
});
