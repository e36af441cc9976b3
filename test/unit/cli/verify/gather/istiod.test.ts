import { expect } from "chai";
import type { IstiodFacts } from "../../../../../cli/verify/facts";
import { gatherIstiod, istiodPods } from "../../../../../cli/verify/gather/istiod";
import type { Pod } from "../../../../../cli/verify/gather/resources";
import { sharedTrust } from "../support/cases";
import { type FakeCluster, fakeCluster, istiodPod, syncz } from "../support/fake-cluster";

describe("what verify reads of istiod", () => {
  let cluster: FakeCluster;
  beforeEach(async () => (cluster = await fakeCluster("west", await sharedTrust())));
  afterEach(() => cluster.stop());

  const read = (...pods: Pod[]): Promise<IstiodFacts> => gatherIstiod(cluster.kube, pods, undefined, 0);
  const syncPages = (...pages: object[]): void => {
    let next = 0;
    Object.defineProperty(cluster.kube, "podGet", {
      value: async (_namespace: string, _pod: string, _port: number, path: string) => JSON.stringify(path === "/debug/syncz" ? pages[Math.min(next++, pages.length - 1)] : []),
    });
  };

  it("counts its pods, and asks those that are ready", async () => {
    const facts = await read(istiodPod("istiod-1"), istiodPod("istiod-2", { ready: false }));
    expect([facts.ready, facts.total, facts.replicas.map(({ pod }) => pod)]).to.deep.equal([1, 2, ["istiod-1"]]);
  });

  it("leaves out pods that are being deleted, and pods of others", () => {
    const gone = istiodPod("gone");
    gone.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
    expect(istiodPods([gone, { ...istiodPod("other"), metadata: { name: "other", labels: {} } }, istiodPod("istiod-1")]).map((p) => p.metadata.name)).to.deep.equal(["istiod-1"]);
  });

  it("is empty where it is not installed", async () => {
    expect(await read()).to.deep.include({ ready: 0, total: 0, version: undefined, replicas: [] });
  });

  it("comes from the ConfigMaps of its revision", async () => {
    cluster.api.objects.set("/api/v1/namespaces/istio-system/configmaps/istio-stable", { metadata: { name: "istio-stable" }, data: { mesh: "trustDomain: example.org" } });
    expect(await read(istiodPod("istiod-1", { revision: "stable" }))).to.include({ trustDomain: "example.org", network: undefined });
  });

  it("is, where there are several revisions, what the one says that injects, and all of their pods", async () => {
    cluster.api.objects.set("/api/v1/namespaces/istio-system/configmaps/istio-blue", { metadata: { name: "istio-blue" }, data: { mesh: "trustDomain: example.org" } });
    const pods = [istiodPod("istiod-1"), istiodPod("istiod-blue-1", { revision: "blue" })];
    const facts = await gatherIstiod(cluster.kube, pods, "blue", 0);
    expect([facts.trustDomain, facts.total, facts.replicas.map(({ pod }) => pod)]).to.deep.equal(["example.org", 2, ["istiod-1", "istiod-blue-1"]]);
    expect((await gatherIstiod(cluster.kube, pods, "default", 0)).trustDomain).to.equal("cluster.local");
  });

  it("has the error of a proxy that refused its configuration", async () => {
    syncPages(syncz({ resources: { listener: { lastError: "no such filter" } } }));
    const [replica] = (await read(istiodPod("istiod-1"))).replicas;
    expect(replica?.proxies).to.deep.equal({ ok: true, value: [{ id: "web-1.shop", version: "1.31.4", stale: [], rejected: "no such filter" }] });
  });

  it("has a proxy that has just been sent something read again", async () => {
    syncPages(syncz({ route_sent: "b" }), syncz({ route_sent: "b", route_acked: "b" }));
    const [replica] = (await read(istiodPod("istiod-1"))).replicas;
    expect(replica?.proxies.ok && replica.proxies.value[0]?.stale).to.deep.equal([]);
  });

  it("says what a proxy still has not acknowledged after that", async () => {
    syncPages(syncz({ route_sent: "b", endpoint_sent: "c", endpoint_acked: "a" }));
    const [replica] = (await read(istiodPod("istiod-1"))).replicas;
    expect(replica?.proxies.ok && replica.proxies.value[0]?.stale).to.deep.equal(["route", "endpoint"]);
  });
});
