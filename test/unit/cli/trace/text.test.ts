import { expect } from "chai";
import { follow } from "../../../../cli/trace/follow";
import { traceText } from "../../../../cli/trace/text";
import { endpoints, GATEWAY, ID, inbound, outbound, seen, server, SNI } from "./support/seen";

describe("the text of a trace", () => {
  it("has a step for each that took part, with what it did and how long, and then where the request ended", () => {
    const client = { log: outbound({ endpoint: GATEWAY, duration: 12, upstream: 11 }), after: endpoints([GATEWAY, 1]) };
    const servers = [server(0, { log: inbound({ endpoint: "10.20.0.7:3000", peer: "10.99.0.1:41000", sni: SNI, duration: 7, upstream: 5 }) })];
    expect(traceText(follow(seen({ client, servers }))).split("\n")).to.deep.equal([
      "GET http://catalog.shop:80/",
      `from west/shop/webapp, x-request-id ${ID}`,
      "",
      "  1 client         webapp-1 in west: sent by curl, its name resolved in 1 ms",
      "  2 its proxy      outbound|80||catalog.shop.svc.cluster.local  (12 ms)",
      "                   as spiffe://cluster.local/ns/shop/sa/webapp",
      `                   endpoint ${GATEWAY}: gateway istio-system/istio-eastwestgateway of east; by its access log`,
      `                   SNI ${SNI}`,
      `  3 gateway        istio-system/istio-eastwestgateway in east at ${GATEWAY}, pod eastwest-east  (4 ms)`,
      "  4 server's proxy shop/catalog-1 in east, by mutual TLS; by the access log  (2 ms)",
      "                   as spiffe://cluster.local/ns/shop/sa/catalog",
      "  5 workload       catalog-1 in east: 200  (5 ms)",
      "",
      "answered in east: shop/catalog-1 answered 200, 14 ms in all",
    ]);
  });

  it("names what was not seen, and what an SNI of the configuration alone is", () => {
    const text = traceText(follow(seen({ client: { log: { kind: "unread", why: "pods/log is forbidden" } } })));
    expect(text).to.contain("\nnot seen:\n  what the client's proxy did with it: the log of webapp-1 in west cannot be read: pods/log is forbidden").and.contain(`SNI ${SNI} (as configured)`);
  });
});
