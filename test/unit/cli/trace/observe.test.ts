import { expect } from "chai";
import { follow } from "../../../../cli/trace/follow";
import { identityIn, observe } from "../../../../cli/trace/observe";
import { place } from "../live/support/places";
import { issue } from "../verify/support/authority";
import { pod } from "../verify/support/fake-cluster";
import { CLUSTER, GATEWAY, SNI, written } from "./support/seen";

const socket = (address: string, port: number, requests: number): object => ({ address: { socket_address: { address, port_value: port } }, stats: [{ name: "rq_total", value: String(requests) }] });

describe("what is read of a request", () => {
  const webapp = pod("webapp-1", { ip: "10.10.0.5" });
  const catalog = pod("catalog-1", { ip: "10.20.0.7" });
  const west = place("west", { pods: [webapp] });
  const east = place("east", { pods: [catalog], gateway: "192.0.2.2" });
  const service = { name: "catalog.shop", port: 80, addresses: new Map([["east", ["10.20.0.7"]]]) };

  it("is what the proxies on its way know, and makes a trace of its whole way", async () => {
    west.kube.pages.set("webapp-1/clusters?format=json", { cluster_statuses: [{ name: CLUSTER, host_statuses: [socket("192.0.2.2", 15443, 4)] }, { name: "outbound|81||catalog.shop.svc.cluster.local", host_statuses: [socket("192.0.2.2", 15443, 9)] }] });
    const regex = encodeURIComponent("outbound\\|80\\|\\|catalog\\.shop\\.svc\\.cluster\\.local");
    west.kube.pages.set(`webapp-1/config_dump?resource=dynamic_active_clusters&name_regex=${regex}`, { configs: [{ cluster: { name: CLUSTER, sni: SNI } }] });
    east.kube.pages.set("catalog-1/clusters?format=json", { cluster_statuses: [{ name: "inbound|3000||", host_statuses: [socket("127.0.0.1", 3000, 2)] }] });
    const send = async (id: string) => {
      west.kube.logs.set("webapp-1", written({ id, endpoint: GATEWAY }));
      east.kube.logs.set("catalog-1", written({ id, cluster: "inbound|3000||", endpoint: "10.20.0.7:3000", sni: SNI, peer: "10.99.0.1:1" }));
      return { by: "curl", status: 200 } as const;
    };
    const name = { cluster: "west", namespace: "shop", workload: "webapp" };
    const seen = await observe({ name, place: west, pod: webapp, service, places: [west, east], unread: new Map(), url: "http://catalog.shop:80/", send, progress: () => undefined });
    expect(seen.id).to.match(/^usmesh-[0-9a-f]{16}$/);
    expect(seen.client.before?.map((cluster) => cluster.name)).to.deep.equal([CLUSTER]);
    expect(seen.servers.map(({ cluster, pod: { metadata }, passedOn }) => [cluster, metadata.name, passedOn])).to.deep.equal([["east", "catalog-1", 0]]);
    const { end, route, gateway, unseen } = follow(seen);
    expect(end).to.include({ outcome: "answered", at: "workload", cluster: "east" });
    expect(route.sni).to.deep.equal({ name: SNI, source: "access log" });
    expect(gateway).to.include({ pod: "eastwest-east" });
    expect(unseen).to.deep.equal([]);
    expect([...west.kube.created, ...east.kube.created, ...west.kube.deleted, ...east.kube.deleted]).to.deep.equal([]);
  });

  it("is what the pods of another service know where a route leads there", async () => {
    const other = pod("stock-1", { ip: "10.20.0.9" });
    const slice = { metadata: { name: "stock-1", namespace: "shop", labels: { "kubernetes.io/service-name": "stock" } }, endpoints: [{ addresses: ["10.20.0.9"] }] };
    const far = place("east", { pods: [catalog, other], gateway: "192.0.2.2", slices: [slice] });
    const send = async (id: string) => {
      // The workload also sent a request to somebody else.
      const another = written({ id, authority: "ratings.shop", cluster: "outbound|80||ratings.shop.svc.cluster.local", endpoint: "10.10.0.9:80" });
      west.kube.logs.set("webapp-1", `${written({ id, endpoint: GATEWAY, cluster: "outbound|80||stock.shop.svc.cluster.local" })}\n${another}`);
      far.kube.logs.set("stock-1", written({ id, cluster: "inbound|3000||", endpoint: "10.20.0.9:3000", sni: SNI }));
      return { by: "workload" } as const;
    };
    const name = { cluster: "west", namespace: "shop", workload: "webapp" };
    const seen = await observe({ name, place: west, pod: webapp, service, places: [west, far], unread: new Map(), url: "http://catalog.shop:80/", send, progress: () => undefined });
    expect(follow(seen)).to.deep.include({ url: "http://catalog.shop:80/" }).and.have.property("server").that.includes({ pod: "stock-1" });
  });

  it("is the identity in a certificate, if it has one", async () => {
    expect(identityIn((await issue({ name: "plain" })).pem)).to.equal(undefined);
  });
});
