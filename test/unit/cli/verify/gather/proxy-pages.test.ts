import { expect } from "chai";
import { type ClustersPage, proxiedService, proxyClustersOf } from "../../../../../cli/verify/gather/proxy-pages";

const host = (address: string, change: object = {}): object => ({ address: { socket_address: { address, port_value: 15443 } }, ...change });

describe("a proxy's page of clusters", () => {
  it("has for each cluster its endpoints, and how many requests each got", () => {
    const stats = [{ name: "cx_total", value: "2" }, { name: "rq_total", value: "12" }, { type: "GAUGE", name: "rq_active" }];
    const page = { cluster_statuses: [{ name: "a", host_statuses: [host("192.0.2.1", { stats }), host("192.0.2.2", { stats: [{ name: "rq_total" }] })] }, { name: "b" }] } as ClustersPage;
    expect(proxyClustersOf(page)).to.deep.equal([
      { name: "a", endpoints: [{ address: "192.0.2.1", port: 15443, priority: 0, usable: true, requests: 12 }, { address: "192.0.2.2", port: 15443, priority: 0, usable: true, requests: 0 }] },
      { name: "b", endpoints: [] },
    ]);
    expect(proxyClustersOf({})).to.deep.equal([]);
  });

  for (const [what, health, usable] of [
    ["that istiod calls healthy", { eds_health_status: "HEALTHY" }, true],
    ["that istiod calls unhealthy", { eds_health_status: "UNHEALTHY" }, false],
    ["that was ejected after failures", { eds_health_status: "HEALTHY", failed_outlier_check: true }, false],
    ["whose failures did not eject it", { eds_health_status: "HEALTHY", failed_outlier_check: false }, true],
  ] as const) {
    it(`has an endpoint ${what} as ${usable ? "one" : "none"} that is used`, () => {
      const [cluster] = proxyClustersOf({ cluster_statuses: [{ name: "a", host_statuses: [host("192.0.2.1", { health_status: health })] }] });
      expect(cluster?.endpoints[0]?.usable).to.equal(usable);
    });
  }

  it("names a service and a port in an outbound cluster, a subset's too, and in no other", () => {
    expect(proxiedService("outbound|80||catalog.shop.svc.cluster.local")).to.deep.equal({ service: "catalog.shop", port: 80 });
    expect(proxiedService("outbound|80|v1|catalog.shop.svc.mesh.example")).to.deep.equal({ service: "catalog.shop", port: 80, subset: "v1" });
    for (const other of ["inbound|80||", "outbound|443||api.example.com", "xds-grpc", "PassthroughCluster"]) expect(proxiedService(other)).to.equal(undefined);
  });
});
