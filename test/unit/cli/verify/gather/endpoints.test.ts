import { expect } from "chai";
import { clustersOf, type ClustersPage } from "../../../../../cli/live/clusters-page";
import { readyAddresses, remoteServices } from "../../../../../cli/verify/gather/endpoints";

describe("what verify reads of endpoints", () => {
  it("is the ready addresses of each service of a cluster", () => {
    const slice = (name: string, addresses: string[], ready?: boolean): Parameters<typeof readyAddresses>[0][number] => ({
      metadata: { name: `${name}-1`, namespace: "shop", labels: { "kubernetes.io/service-name": name } },
      endpoints: [{ addresses, conditions: { ready } }],
    });
    const found = readyAddresses([slice("web", ["10.0.0.1"], true), slice("web", ["10.0.0.2"]), slice("down", ["10.0.0.3"], false)]);
    expect([...found]).to.deep.equal([["web.shop", ["10.0.0.1", "10.0.0.2"]]]);
  });

  it("is where a proxy sends requests for services of other clusters", () => {
    const status = (name: string, address: string, port: number) => ({ name, host_statuses: [{ address: { socket_address: { address, port_value: port } } }] });
    const page: ClustersPage = {
      cluster_statuses: [
        status("outbound|80||catalog.shop.svc.cluster.local", "192.0.2.1", 15443),
        status("outbound|80||local.shop.svc.cluster.local", "10.0.0.1", 8080),
        status("outbound|80|v1|catalog.shop.svc.cluster.local", "192.0.2.2", 15443),
        status("inbound|80||", "127.0.0.1", 80),
      ],
    };
    expect(remoteServices(clustersOf(page), new Map([["catalog.shop", ["east"]]]))).to.deep.equal([
      { service: "catalog.shop", clusters: ["east"], endpoints: [{ address: "192.0.2.1", port: 15443 }] },
    ]);
  });
});
