import { expect } from "chai";
import { gatherPolicies, identitiesOf } from "../../../../../cli/verify/gather/policies";
import { sharedTrust } from "../support/cases";
import { type FakeCluster, fakeCluster, pod } from "../support/fake-cluster";

const RULES = "/apis/networking.istio.io/v1/destinationrules";
const POLICIES = "/apis/security.istio.io/v1/authorizationpolicies";
const ACCOUNTS = "/api/v1/serviceaccounts";

describe("what verify reads of rules and policies", () => {
  let west: FakeCluster;
  beforeEach(async () => void (west = await fakeCluster("west", await sharedTrust())));
  afterEach(() => west.stop());

  const put = (path: string, ...items: object[]): void => void west.api.objects.set(path, { metadata: { name: "list" }, items });
  const rule = (host: string, trafficPolicy?: object): object => ({ metadata: { name: "r", namespace: "shop" }, spec: { host, trafficPolicy } });

  it("is which DestinationRules turn priorities on or off, and which have outlier detection", async () => {
    const setting = (localityLbSetting: object) => ({ loadBalancer: { localityLbSetting } });
    put(
      RULES,
      rule("*.local", { ...setting({ enabled: true }), outlierDetection: {} }),
      rule("web", setting({ failover: [] })),
      rule("web.shop", setting({ enabled: false })),
      rule("*", { connectionPool: {} }),
      rule("web.example"),
    );
    expect((await gatherPolicies(west.kube)).destinationRules).to.deep.equal({
      ok: true,
      value: [
        { name: "shop/r", host: "*.local", locality: "on", outlierDetection: true },
        { name: "shop/r", host: "web.shop.svc.cluster.local", locality: "on", outlierDetection: false },
        { name: "shop/r", host: "web.shop", locality: "off", outlierDetection: false },
        { name: "shop/r", host: "*", outlierDetection: false },
        { name: "shop/r", host: "web.example", outlierDetection: false },
      ],
    });
  });

  it("is what the mesh says of mutual TLS, and not what a part of it says", async () => {
    const path = "/apis/security.istio.io/v1/namespaces/istio-system/peerauthentications";
    const policy = (mode: string, selector?: object): object => ({ metadata: { name: mode.toLowerCase(), namespace: "istio-system" }, spec: { selector, mtls: { mode } } });
    put(path);
    expect((await gatherPolicies(west.kube)).mutualTls).to.deep.equal({ ok: true, value: undefined });
    put(path, policy("DISABLE", { matchLabels: { app: "a" } }), policy("STRICT"));
    expect((await gatherPolicies(west.kube)).mutualTls).to.deep.equal({ ok: true, value: "STRICT" });
  });

  it("is the clients that policies name one by one, each once", async () => {
    const policy = (name: string, ...rules: string[][]): object => ({
      metadata: { name, namespace: "shop" },
      spec: { rules: rules.map((principals) => ({ from: [{ source: { principals } }, { source: { namespaces: ["x"] } }] })) },
    });
    put(POLICIES, policy("p", ["a", "b"], ["b", "c/*"]), policy("patterns", ["*"]), policy("all"), { metadata: { name: "empty" }, spec: {} });
    expect((await gatherPolicies(west.kube)).policies).to.deep.equal({ ok: true, value: [{ name: "shop/p", principals: ["a", "b"] }] });
  });

  it("is every ServiceAccount", async () => {
    put(ACCOUNTS, { metadata: { name: "web", namespace: "shop" } }, { metadata: { name: "default", namespace: "other" } });
    expect((await gatherPolicies(west.kube)).accounts).to.deep.equal({ ok: true, value: ["shop/web", "other/default"] });
  });

  it("is nothing where Istio's kinds are not served", async () => {
    const nothing = { ok: true, value: [] };
    expect(await gatherPolicies(west.kube)).to.deep.equal({ destinationRules: nothing, policies: nothing, mutualTls: { ok: true, value: undefined }, accounts: nothing });
  });

  it("is why, for each that may not be read", async () => {
    for (const path of [RULES, POLICIES, ACCOUNTS]) west.kube.forbidden.add(path);
    const { destinationRules, policies, accounts } = await gatherPolicies(west.kube);
    const why = (path: string) => ({ ok: false, error: `${path} is forbidden` });
    expect([destinationRules, policies, accounts]).to.deep.equal([why(RULES), why(POLICIES), why(ACCOUNTS)]);
  });

  it("is as whom the pods with a sidecar run", () => {
    const named = (name: string, serviceAccountName?: string) => {
      const made = pod(name);
      return { ...made, spec: { ...made.spec, ...(serviceAccountName ? { serviceAccountName } : {}) } };
    };
    expect(identitiesOf([named("a", "web"), named("b", "web"), named("c"), pod("bare", { containers: ["app"] })])).to.deep.equal(["shop/web", "shop/default"]);
  });
});
