import { expect } from "chai";
import { gatewayServices, passthroughOf } from "../../../../../cli/verify/gather/gateways";
import type { Service } from "../../../../../cli/verify/gather/resources";
import { pod } from "../support/fake-cluster";

describe("what verify reads of gateways", () => {
  const service = (spec: Partial<Service["spec"]> = {}): Service => ({
    metadata: { name: "ew", namespace: "shop", labels: { "topology.istio.io/network": "west-network" } },
    spec: { type: "LoadBalancer", selector: { istio: "ew" }, ports: [{ port: 15443 }], ...spec },
    status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }, { hostname: "lb.example.org" }] } },
  });

  it("is the addresses of their Services, by IP or name, and how many of their pods are ready", () => {
    const pods = [pod("a", { labels: { istio: "ew" } }), pod("b", { labels: { istio: "ew" }, ready: false }), pod("c"), pod("d", { namespace: "other", labels: { istio: "ew" } })];
    expect(gatewayServices([service({ externalIPs: ["192.0.2.9"] })], pods)).to.deep.equal([
      {
        name: "shop/ew",
        network: "west-network",
        addresses: ["192.0.2.1", "lb.example.org", "192.0.2.9"],
        hasPort15443: true,
        selector: { istio: "ew" },
        readyPods: 1,
      },
    ]);
  });

  it("leaves out Services without a network, and those that are not reachable from elsewhere", () => {
    expect(gatewayServices([{ ...service(), metadata: { name: "plain" } }, service({ type: "ClusterIP" })], [])).to.deep.equal([]);
  });

  it("says that port 15443 is missing", () => {
    expect(gatewayServices([service({ ports: [{ port: 443 }] })], [])[0]?.hasPort15443).to.equal(false);
  });

  it("is the Gateways that pass TLS through by SNI on 15443, and no others", () => {
    const gateway = (name: string, number: number, mode: string): Parameters<typeof passthroughOf>[0][number] => ({
      metadata: { name, namespace: "istio-system" },
      spec: { selector: { istio: "ew" }, servers: [{ port: { number }, tls: { mode }, hosts: ["*.local"] }] },
    });
    const found = passthroughOf([gateway("right", 15443, "AUTO_PASSTHROUGH"), gateway("mode", 15443, "PASSTHROUGH"), gateway("port", 443, "AUTO_PASSTHROUGH")]);
    expect(found).to.deep.equal([{ name: "istio-system/right", selector: { istio: "ew" }, hosts: ["*.local"] }]);
  });

  it("has the hosts that a Gateway was created for, where it records them", () => {
    const spec = { selector: { istio: "ew" }, servers: [{ port: { number: 15443 }, tls: { mode: "AUTO_PASSTHROUGH" }, hosts: ["*.local"] }] };
    const [found] = passthroughOf([{ metadata: { name: "own", namespace: "n", annotations: { "usmesh/hosts": "a.local,b.local" } }, spec }]);
    expect(found).to.deep.include({ hosts: ["*.local"], intended: ["a.local", "b.local"] });
  });
});
