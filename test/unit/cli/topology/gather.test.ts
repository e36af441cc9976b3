import { expect } from "chai";
import { readTopology } from "../../../../cli/topology/gather";
import type { Topology } from "../../../../cli/topology/schema";
import { sharedTrust } from "../verify/support/cases";
import { type FakeCluster, fakeCluster } from "../verify/support/fake-cluster";

describe("what is read for the picture of a mesh", () => {
  let west: FakeCluster;
  let east: FakeCluster;
  beforeEach(async () => {
    const trust = await sharedTrust();
    [west, east] = await Promise.all([fakeCluster("west", trust), fakeCluster("east", trust)]);
  });
  afterEach(() => [west, east].forEach((cluster) => cluster.stop()));

  const read = (): Promise<Topology> => readTopology([west.target, east.target], new AbortController().signal, () => undefined, 1);

  it("is what verify reads, with other load balancers, and what each proxy has sent", async () => {
    west.services.push({ metadata: { name: "shop", namespace: "shop" }, spec: { type: "LoadBalancer", selector: {} }, status: { loadBalancer: { ingress: [{ ip: "192.0.2.9" }] } } });
    const { clusters, links } = await read();
    expect(clusters[0]?.gateways.map(({ name, network, addresses, readyPods }) => [name, network, addresses, readyPods])).to.deep.equal([
      ["istio-system/istio-eastwestgateway", "west-network", ["192.0.2.1"], 1],
      ["shop/shop", undefined, ["192.0.2.9"], 0],
    ]);
    expect(clusters[0]).to.include({ clusterName: "west-cluster", requestsPerSecond: 0 }).and.deep.include({ proxies: { answered: 1, total: 1 } });
    expect(links.map(({ from, to, reads, requestsPerSecond }) => [from, to, reads, requestsPerSecond])).to.deep.equal([["west", "east", "synced", 0], ["east", "west", "synced", 0]]);
  });

  it("creates nothing and sends no requests", async () => {
    await read();
    for (const { kube } of [west, east]) expect([kube.created, kube.deleted, kube.patched]).to.deep.equal([[], [], []]);
  });

  it("has no statistics where no proxy answers, and nothing of a cluster that cannot be read", async () => {
    west.kube.pages.delete("web-1/clusters?format=json");
    east.kube.silent.add("/version").add("/api/v1/pods");
    const { clusters, condition } = await read();
    expect(clusters[0]).not.to.have.property("requestsPerSecond");
    expect(clusters[1]).to.include({ unread: "no answer within 5 s" }).and.not.have.property("requestsPerSecond");
    expect(condition).to.equal("fail");
  });
});
