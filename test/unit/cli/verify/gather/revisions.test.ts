import { expect } from "chai";
import { injectingRevision, revisionsOf, type WebhookConfiguration } from "../../../../../cli/verify/gather/revisions";
import type { Pod } from "../../../../../cli/verify/gather/resources";
import { istiodPod, pod } from "../support/fake-cluster";

const is = (key: string, ...values: string[]) => ({ key, operator: "In", values });
const lacks = (key: string) => ({ key, operator: "DoesNotExist" });
const webhook = (name: string, revision: string, namespace: object[], more: { tag?: string; object?: object[] } = {}): WebhookConfiguration =>
  ({
    metadata: { name, labels: { "istio.io/rev": revision, ...(more.tag === undefined ? {} : { "istio.io/tag": more.tag }) } },
    webhooks: [{ name: "x.sidecar-injector.istio.io", namespaceSelector: { matchExpressions: namespace }, objectSelector: { matchExpressions: more.object ?? [] } }],
  }) as WebhookConfiguration;

const tag = (revision: string) => webhook("istio-revision-tag-default", revision, [is("istio-injection", "enabled")], { tag: "default", object: [{ key: "sidecar.istio.io/inject", operator: "NotIn", values: ["false"] }] });
const own = (revision: string) => webhook(`istio-sidecar-injector-${revision}`, revision, [lacks("istio-injection")], { object: [is("istio.io/rev", revision)] });
const enabled = { "istio-injection": "enabled" };
const injected = (name: string, revision?: string, change: object = {}): Pod => {
  const made = pod(name, change);
  return { ...made, metadata: { ...made.metadata, ...(revision === undefined ? {} : { annotations: { "istio.io/rev": revision } }) } };
};

describe("the revisions that verify reads", () => {
  it("inject where their selectors choose namespace and pod", () => {
    const injectors = [tag("blue"), own("blue"), own("green")];
    expect(injectingRevision(injectors, enabled)).to.equal("blue");
    expect(injectingRevision(injectors, enabled, { "sidecar.istio.io/inject": "false" })).to.equal(undefined);
    expect(injectingRevision(injectors, {}, { "istio.io/rev": "green" })).to.equal("green");
    expect(injectingRevision(injectors, {})).to.equal(undefined);
    expect(injectingRevision([], enabled)).to.equal(undefined);
  });

  it("are, where two webhooks serve a pod, the one that is asked last", () => {
    const both = [webhook("istio-sidecar-injector", "default", [is("istio-injection", "enabled")]), tag("blue")];
    expect(injectingRevision(both, enabled)).to.equal("default");
  });

  it("are the istiods by name, with versions and what is ready", () => {
    const istiods = [istiodPod("istiod-1"), istiodPod("istiod-blue-1", { revision: "blue" }), istiodPod("istiod-blue-2", { revision: "blue", ready: false })];
    expect(revisionsOf([], [], [], istiods).istiods).to.deep.equal([
      { revision: "blue", version: "1.31.4", ready: 1, total: 2 },
      { revision: "default", version: "1.31.4", ready: 1, total: 1 },
    ]);
  });

  it("are the webhooks, with the tags among them", () => {
    expect(revisionsOf([tag("blue"), own("blue")], [], [], []).injectors).to.deep.equal([
      { name: "istio-revision-tag-default", revision: "blue", tag: "default" },
      { name: "istio-sidecar-injector-blue", revision: "blue" },
    ]);
  });

  it("are asked for by namespaces with a label, and serve them or not", () => {
    const namespace = (name: string, labels?: Record<string, string>) => ({ metadata: { name, ...(labels ? { labels } : {}) } });
    const namespaces = [namespace("shop", enabled), namespace("old", { "istio.io/rev": "canary" }), namespace("off", { "istio-injection": "disabled", "istio.io/rev": "blue" }), namespace("plain")];
    expect(revisionsOf([tag("blue")], namespaces, [], []).namespaces).to.deep.equal([
      { namespace: "shop", label: "istio-injection=enabled", revision: "blue" },
      { namespace: "old", label: "istio.io/rev=canary" },
    ]);
  });

  it("are those of running proxies, and those that these would get today", () => {
    const gone = injected("gone", "blue");
    gone.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
    const gateway = injected("gateway", "blue", { namespace: "istio-system", labels: { "istio.io/rev": "blue" }, containers: ["istio-proxy"] });
    const pods = [injected("web", "default"), injected("older"), gateway, gone, injected("bare", undefined, { containers: ["app"] })];
    const facts = revisionsOf([tag("blue"), own("blue")], [{ metadata: { name: "shop", labels: enabled } }], pods, []);
    expect(facts.proxies).to.deep.equal([
      { id: "web.shop", revision: "default", next: "blue" },
      { id: "older.shop", revision: "default", next: "blue" },
      { id: "gateway.istio-system", revision: "blue", next: "blue" },
    ]);
  });
});
