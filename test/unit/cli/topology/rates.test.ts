import { expect } from "chai";
import type { Place } from "../../../../cli/live/places";
import { ratesOf, type Sample, sampleOf } from "../../../../cli/topology/rates";
import { place } from "../live/support/places";
import { pod } from "../verify/support/fake-cluster";

const sample = (at: number, endpoints: Record<string, [to: string, requests: number]>): Sample => ({
  at,
  endpoints: new Map(Object.entries(endpoints).map(([name, [to, requests]]) => [name, { to, requests }])),
});

describe("requests per second", () => {
  it("are what each proxy has sent between two looks, by the cluster in which it ends", () => {
    const before = new Map([["a", sample(0, { gateway: ["east", 10], local: ["west", 5] })], ["b", sample(100, { gateway: ["east", 1] })]]);
    const after = new Map([["a", sample(2000, { gateway: ["east", 16], local: ["west", 5], new: ["east", 2] })], ["b", sample(1100, { gateway: ["east", 3] })]]);
    const rates = ratesOf(before, after);
    expect(rates && [...rates.perSecond]).to.deep.equal([["east", 6], ["west", 0]]);
    expect(rates).to.include({ answered: 2, total: 2 });
  });

  it("count from zero in a proxy that was restarted in between", () => {
    expect(ratesOf(new Map([["a", sample(0, { gateway: ["east", 1000] })]]), new Map([["a", sample(1000, { gateway: ["east", 4] })]]))?.perSecond.get("east")).to.equal(4);
  });

  it("are those of the proxies that answered twice; without any there are none", () => {
    const one = sample(0, { gateway: ["east", 1] });
    const later = sample(1000, { gateway: ["east", 3] });
    expect(ratesOf(new Map([["a", one], ["b", undefined]]), new Map([["a", later], ["b", later], ["c", later]]))).to.deep.include({ answered: 1, total: 3 });
    expect(ratesOf(new Map([["a", undefined]]), new Map([["a", later]]))).to.equal(undefined);
    expect(ratesOf(new Map(), new Map())).to.equal(undefined);
  });

  it("are told apart by gateway and by pod, and what leaves the mesh is left out", () => {
    const [west, east]: Place[] = [place("west", { pods: [pod("web", { ip: "10.10.0.5" })] }), place("east", { gateway: "192.0.2.2" })];
    const endpoint = (address: string, port: number, requests: number) => ({ address, port, priority: 0, usable: true, requests });
    const clusters = [
      { name: "outbound|80||catalog.shop.svc.cluster.local", endpoints: [endpoint("192.0.2.2", 15443, 7), endpoint("10.10.0.5", 8080, 2)] },
      { name: "outbound|443||api.example.com", endpoints: [endpoint("198.51.100.1", 443, 9)] },
      { name: "xds-grpc", endpoints: [endpoint("10.10.0.5", 15012, 3)] },
    ];
    const { endpoints } = sampleOf(clusters, west!, [west!, east!], 0);
    expect([...endpoints.values()]).to.deep.equal([{ to: "east", requests: 7 }, { to: "west", requests: 2 }]);
  });

  it("leave out the spans that every proxy sends, and what Prometheus asks: workloads send neither", () => {
    const west = place("west", { pods: [pod("jaeger", { ip: "10.10.0.7" })] });
    const cluster = { name: "outbound|4317||jaeger-west.usmesh-observability.svc.cluster.local", endpoints: [{ address: "10.10.0.7", port: 4317, priority: 0, usable: true, requests: 9 }] };
    expect([...sampleOf([cluster], west, [west], 0).endpoints.keys()]).to.deep.equal([]);
  });
});
