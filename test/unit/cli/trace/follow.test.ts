import { expect } from "chai";
import fc from "fast-check";
import { follow } from "../../../../cli/trace/follow";
import { OUTCOMES, traceSchema, type Trace } from "../../../../cli/trace/schema";
import type { LogSeen, Seen } from "../../../../cli/trace/seen";
import { traceText } from "../../../../cli/trace/text";
import { parseLine } from "../../../../cli/trace/access-log";
import { CLUSTER, endpoints, GATEWAY, inbound, lines, NEAR, nearServer, outbound, seen, server, SNI, written } from "./support/seen";

const off: LogSeen = { kind: "nothing", writes: false };

/** What a trace says, as its schema has it. */
function followed(all: Seen): Trace {
  const trace = follow(all);
  expect(traceSchema.parse(trace)).to.deep.equal(trace);
  return trace;
}

describe("a request that is followed", () => {
  it("that crosses: endpoint, SNI, gateway with its pod, identities, and how long each part took", () => {
    const client = { log: outbound({ endpoint: GATEWAY, duration: 12, upstream: 11 }), after: endpoints([GATEWAY, 1]) };
    const servers = [server(0), server(1, { log: inbound({ endpoint: "10.20.0.8:3000", peer: "10.99.0.1:41000", sni: SNI, duration: 7, upstream: 5 }) })];
    const trace = followed(seen({ client, servers }));
    expect(trace.route).to.deep.equal({
      cluster: CLUSTER,
      candidates: [{ address: GATEWAY, usable: true, where: { kind: "gateway", cluster: "east", name: "istio-system/istio-eastwestgateway" } }],
      chosen: { address: GATEWAY, where: { kind: "gateway", cluster: "east", name: "istio-system/istio-eastwestgateway" }, source: "access log" },
      sni: { name: SNI, source: "access log" },
      accepts: ["spiffe://cluster.local/ns/shop/sa/catalog"],
    });
    expect(trace.crossed).to.equal(true);
    expect(trace.gateway).to.deep.equal({ cluster: "east", service: "istio-system/istio-eastwestgateway", address: GATEWAY, pod: "eastwest-east" });
    expect(trace.client.identity).to.equal("spiffe://cluster.local/ns/shop/sa/webapp");
    expect(trace.server).to.deep.equal({ cluster: "east", namespace: "shop", pod: "catalog-2", identity: "spiffe://cluster.local/ns/shop/sa/catalog", mutualTls: true, source: "access log" });
    expect(trace.end).to.deep.equal({ outcome: "answered", at: "workload", cluster: "east", status: 200, seen: "shop/catalog-2 answered 200" });
    expect(trace.ms).to.deep.equal({ lookup: 1, total: 14, clientProxy: 12, between: 4, serverProxy: 2, workload: 5 });
    expect(trace.unseen).to.deep.equal([]);
  });

  it("that stays: the pod is the endpoint, and there is no gateway", () => {
    const client = { log: outbound({ endpoint: NEAR, upstream: 8 }), after: endpoints([NEAR, 1], [GATEWAY, 0]) };
    const trace = followed(seen({ client, servers: [nearServer({ log: inbound({ endpoint: NEAR, sni: SNI, duration: 6, upstream: 6 }) })] }));
    expect(trace).to.include({ crossed: false }).and.not.have.property("gateway");
    expect(trace.route.chosen?.where).to.deep.equal({ kind: "pod", cluster: "west", name: "shop/catalog-near" });
    expect(trace.route.candidates.map(({ address }) => address)).to.deep.equal([NEAR, GATEWAY]);
    expect(trace.end).to.include({ outcome: "answered", cluster: "west" });
    expect(trace.unseen).to.deep.equal([]);
  });

  it("that came in plain text says so", () => {
    const client = { log: outbound({ endpoint: NEAR }) };
    expect(followed(seen({ client, servers: [nearServer({ log: inbound({ endpoint: NEAR }) })] })).server?.mutualTls).to.equal(false);
  });

  it("that is denied ended at the server's proxy, with the policy", () => {
    const details = "rbac_access_denied_matched_policy[none]";
    const client = { log: outbound({ status: 403, endpoint: GATEWAY }) };
    const servers = [server(0, { log: inbound({ status: 403, details, sni: SNI, peer: "10.99.0.1:41000" }) })];
    const trace = followed(seen({ sent: { by: "curl", status: 403, body: "RBAC: access denied" }, client, servers }));
    expect(trace.end).to.deep.equal({ outcome: "denied", at: "server-proxy", cluster: "east", status: 403, seen: `the proxy of shop/catalog-1 refused it by policy: ${details}` });
    expect(trace.unseen).to.deep.equal([]);
  });

  it("that has no endpoint ended at the client's own proxy, and crossed nothing", () => {
    const client = { log: outbound({ status: 503, flags: "UH", details: "no_healthy_upstream" }), after: endpoints() };
    const trace = followed(seen({ sent: { by: "curl", status: 503, body: "no healthy upstream" }, client }));
    expect(trace.end).to.deep.equal({ outcome: "no-endpoint", at: "client-proxy", cluster: "west", status: 503, seen: "its proxy has no endpoint for it: no_healthy_upstream" });
    expect(trace).not.to.have.any.keys("crossed", "gateway", "server");
    expect(trace.unseen).to.deep.equal([]);
  });

  it("whose name does not resolve was never sent", () => {
    const trace = followed(seen({ sent: { by: "curl", error: "curl: (6) Could not resolve host", unresolved: true }, client: { log: off } }));
    expect(trace.end).to.include({ outcome: "not-sent", at: "client" });
    expect(trace.unseen).to.deep.equal([]);
  });

  const ends = (line: Parameters<typeof outbound>[0], change: Partial<Omit<Seen, "client">> = {}): Trace["end"] => followed(seen({ client: { log: outbound(line) }, ...change })).end;

  it("for which there is no route ended at the client's own proxy", () => {
    expect(ends({ status: 404, flags: "NR", details: "route_not_found", cluster: "-" })).to.include({ outcome: "no-route", at: "client-proxy" });
    expect(ends({ status: 502, details: "direct_response", cluster: "BlackHoleCluster" })).to.include({ outcome: "no-route" });
  });

  it("whose connection failed ended beyond the client's proxy: who refused it is not concluded", () => {
    const end = ends({ status: 503, flags: "UF,URX", endpoint: GATEWAY, failure: "delayed_connect_error:_Connection_refused" });
    expect(end).to.deep.include({ outcome: "connection-failed", at: "unknown", cluster: "east" });
    expect(end.seen).to.contain("no connection to the endpoint could be made").and.contain(GATEWAY).and.contain("Connection_refused");
  });

  it("whose name a gateway refused meanwhile ended there", () => {
    const line = parseLine(written({ status: 0, flags: "NR", details: "filter_chain_not_found", sni: SNI, cluster: "-" }))!;
    const end = ends({ status: 503, flags: "UF", endpoint: GATEWAY }, { refused: [{ cluster: "east", pod: "eastwest-east", line }] });
    expect(end).to.include({ outcome: "connection-failed", at: "gateway", cluster: "east" });
    expect(end.seen).to.contain("filter_chain_not_found");
  });

  it("that got no answer in time did not end where a late answer was given", () => {
    const servers = [server(0, { log: inbound({ endpoint: "10.20.0.7:3000", duration: 6001 }) })];
    const end = ends({ status: 504, flags: "UT", endpoint: GATEWAY, details: "response_timeout" }, { servers });
    expect(end).to.include({ outcome: "failed", at: "client-proxy", status: 504 });
    expect(end.seen).to.contain("catalog-1 answered 200 after 6001 ms");
  });

  it("whose workload does not listen ended at its proxy", () => {
    const servers = [server(0, { log: inbound({ status: 503, flags: "UF", endpoint: "10.20.0.7:3000" }) })];
    expect(ends({ status: 503, endpoint: GATEWAY }, { servers })).to.include({ outcome: "failed", at: "server-proxy", cluster: "east" });
  });

  it("that its own proxy answered by itself went nowhere", () => {
    expect(ends({ status: 301, details: "direct_response" })).to.include({ outcome: "failed", at: "client-proxy" });
  });

  it("is the last of its attempts, and none that the workload sent elsewhere with the same id", () => {
    const log = lines({ outbound: [{ status: 503, flags: "UF", endpoint: GATEWAY }, { endpoint: GATEWAY }, { authority: "ratings.shop", cluster: "outbound|80||ratings.shop.svc.cluster.local", endpoint: "10.10.0.99:80" }] });
    const own = followed(seen({ client: { log }, sent: { by: "workload" } }));
    expect([own.route.chosen?.address, own.method, own.url]).to.deep.equal([GATEWAY, "GET", "http://catalog.shop:80/"]);
    expect(followed(seen({ client: { log: lines({ outbound: [{ authority: "ratings.shop" }] }) }, sent: { by: "workload" } })).end.outcome).to.equal("unknown");
  });
});

describe("a request in a mesh without access logs", () => {
  const quiet = (before: [string, number][], after: [string, number][]): Partial<Seen["client"]> => ({ log: off, before: endpoints(...before), after: endpoints(...after) });

  it("got the endpoint whose counter rose alone, and the pod whose counter rose alone", () => {
    const trace = followed(seen({ client: quiet([[GATEWAY, 4], [NEAR, 9]], [[GATEWAY, 5], [NEAR, 9]]), servers: [server(0, { log: off, passedOn: 0 }), server(1, { log: off, passedOn: 1 })] }));
    expect(trace.route.chosen).to.include({ address: GATEWAY, source: "counters" });
    expect(trace.server).to.include({ pod: "catalog-2", source: "counters" }).and.not.have.property("mutualTls");
    expect(trace.end).to.include({ outcome: "answered", at: "workload", status: 200 });
    expect(trace.route.sni).to.deep.equal({ name: SNI, source: "configuration" });
    expect(trace.unseen).to.deep.equal(["what the client's proxy did with it: access logs are off in webapp-1 in west", "what happened at the server: access logs are off in catalog-1 in east; access logs are off in catalog-2 in east"]);
  });

  it("is not told apart from others that were sent meanwhile", () => {
    const trace = followed(seen({ client: quiet([[GATEWAY, 4], [NEAR, 9]], [[GATEWAY, 5], [NEAR, 10]]), servers: [server(0, { log: off, passedOn: 1 }), server(1, { log: off, passedOn: 1 })] }));
    expect(trace).not.to.have.any.keys("server", "gateway", "crossed");
    expect(trace.end).to.deep.include({ outcome: "answered", at: "unknown", status: 200 });
    expect(trace.unseen.join()).to.contain("counters do not tell which");
  });

  it("does not say which pod got it where two did, or where one does not tell", () => {
    for (const passedOn of [1, undefined]) {
      const servers = [server(0, { log: off, passedOn: 1 }), server(1, { log: off, ...(passedOn !== undefined && { passedOn }) })];
      expect(followed(seen({ client: quiet([[GATEWAY, 4]], [[GATEWAY, 5]]), servers }))).not.to.have.property("server");
    }
  });

  it("is denied, or has no endpoint, by the text of the answer; by which proxy is not said unless there can be only one", () => {
    const end = (sent: Seen["sent"], client: Partial<Seen["client"]>) => followed(seen({ sent, client })).end;
    const denied = { by: "curl", status: 403, body: "RBAC: access denied" } as const;
    expect(end(denied, quiet([[GATEWAY, 4]], [[GATEWAY, 5]]))).to.include({ outcome: "denied", at: "unknown" });
    const none = { by: "curl", status: 503, body: "no healthy upstream" } as const;
    expect(end(none, quiet([], []))).to.include({ outcome: "no-endpoint", at: "client-proxy", cluster: "west" });
    expect(end(none, quiet([[GATEWAY, 4]], [[GATEWAY, 5]]))).to.include({ outcome: "no-endpoint", at: "unknown" });
  });

  it("that failed may have been answered by a proxy as well as by the workload", () => {
    const servers = [server(0, { log: off, passedOn: 1 })];
    expect(followed(seen({ sent: { by: "curl", status: 503, body: "oops" }, client: quiet([[GATEWAY, 4]], [[GATEWAY, 5]]), servers })).end).to.include({ outcome: "answered", at: "unknown", status: 503 });
  });

  it("that the workload sent by itself has no known end", () => {
    const trace = followed(seen({ sent: { by: "workload" }, client: { log: off }, url: "http://catalog.shop:80/mine" }));
    expect(trace.end).to.include({ outcome: "unknown", at: "unknown" });
    // Which path it asked for, if it asked at all, was not seen.
    expect(trace.url).to.equal("http://catalog.shop");
  });
});

describe("whatever was seen of a request", () => {
  const log: fc.Arbitrary<LogSeen> = fc.oneof(
    fc.constant<LogSeen>({ kind: "unread", why: "pods/log is forbidden" }),
    fc.constantFrom<(boolean | undefined)[]>(true, false, undefined).map((writes): LogSeen => ({ kind: "nothing", writes })),
    fc
      .record({ status: fc.constantFrom(0, 200, 403, 503), flags: fc.constantFrom("-", "UH", "UF,URX", "NR", "XX"), endpoint: fc.constantFrom("-", GATEWAY, NEAR, "203.0.113.9:80"), sni: fc.constantFrom("-", SNI), into: fc.boolean() })
      .map(({ into, ...line }): LogSeen => (into ? inbound(line) : outbound(line))),
    fc.constant<LogSeen>(lines({ others: ["a line of the user's own"] })),
  );
  const status = fc.constantFrom<(number | undefined)[]>(undefined, 200, 403, 503);

  it("the trace follows its schema, says how it ended, and says what was not seen where it does not know where", () => {
    const any = fc.record({ own: log, others: fc.tuple(log, log), status, counts: fc.array(fc.nat(2), { minLength: 2, maxLength: 2 }) });
    fc.assert(
      fc.property(any, ({ own, others, status: code, counts }) => {
        const sent = code === undefined ? ({ by: "curl", error: "curl: (28) timed out" } as const) : ({ by: "curl", status: code, body: "" } as const);
        const client = { log: own, before: endpoints([GATEWAY, 0], [NEAR, 0]), after: endpoints([GATEWAY, counts[0] ?? 0], [NEAR, counts[1] ?? 0]) };
        const trace = followed(seen({ sent, client, servers: [server(0, { log: others[0] }), nearServer({ log: others[1] })] }));
        expect(OUTCOMES).to.include(trace.end.outcome);
        if (trace.end.at === "workload") expect(trace.server).not.to.equal(undefined);
        if (own.kind !== "lines") expect(trace.unseen.join()).to.contain("what the client's proxy did with it");
        expect(traceText(trace)).to.contain(trace.end.seen);
      }),
    );
  });
});
