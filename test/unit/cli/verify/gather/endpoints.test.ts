import { expect } from "chai";
import { readyAddresses, remoteServices, sharedServices } from "../../../../../cli/verify/gather/endpoints";
import { type ClustersPage, proxyClustersOf } from "../../../../../cli/verify/gather/proxy-pages";

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
    expect(remoteServices(proxyClustersOf(page), new Map([["catalog.shop", ["east"]]]))).to.deep.equal([
      { service: "catalog.shop", clusters: ["east"], endpoints: [{ address: "192.0.2.1", port: 15443 }] },
    ]);
  });

  it("is the region and the priority of each endpoint that a proxy has for services here and elsewhere", () => {
    const host = (address: string, region?: string, priority?: number) => ({ address: { socket_address: { address, port_value: 80 } }, locality: { region }, priority });
    const page: ClustersPage = {
      cluster_statuses: [
        { name: "outbound|80||web.shop.svc.cluster.local", host_statuses: [host("10.0.0.1", "westus"), host("192.0.2.1", "eastus", 1)] },
        { name: "outbound|81||web.shop.svc.cluster.local", host_statuses: [host("10.0.0.2", "")] },
        { name: "outbound|80|v1|web.shop.svc.cluster.local", host_statuses: [host("10.0.0.3", "westus")] },
        { name: "outbound|80||other.shop.svc.cluster.local", host_statuses: [host("10.0.0.4", "westus")] },
        { name: "outbound|90||web.shop.svc.cluster.local" },
      ],
    };
    expect(sharedServices(proxyClustersOf(page), new Set(["web.shop"]))).to.deep.equal([
      {
        service: "web.shop",
        endpoints: [{ address: "10.0.0.1", region: "westus", priority: 0 }, { address: "192.0.2.1", region: "eastus", priority: 1 }, { address: "10.0.0.2", priority: 0 }],
      },
    ]);
  });
});
