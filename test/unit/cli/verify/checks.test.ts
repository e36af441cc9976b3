import "reflect-metadata";
import { expect } from "chai";
import { KeyUsageFlags } from "@peculiar/x509";
import { judge } from "../../../../cli/verify/checks/index";
import type { ClusterState, GatewayService, IstiodFacts, MeshFacts, PairFacts, ProxyFacts, TrafficFacts } from "../../../../cli/verify/facts";
import type { Finding } from "../../../../cli/verify/finding";
import { issue } from "./authority";
import { meshFacts, trust, type Trust } from "./healthy";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The healthy mesh with west's state, or its first pair, changed. */
function broken(ca: Trust, change: (west: Writable<ClusterState>, pair: Writable<PairFacts>, facts: Writable<MeshFacts>) => void): Finding[] {
  const facts = structuredClone(meshFacts(ca)) as Writable<MeshFacts>;
  const [west] = facts.clusters;
  const [pair] = facts.pairs;
  if (!west?.state || !pair) throw new Error("the healthy mesh has two clusters and two pairs");
  change(west.state, pair, facts);
  return judge(facts);
}

function bad(findings: readonly Finding[]): string[] {
  return findings.filter((f) => f.status === "fail" || f.status === "warn").map((f) => `${f.status} ${f.check} ${f.cluster ?? "mesh"}${f.peer ? `→${f.peer}` : ""}`);
}

function istiod(west: Writable<ClusterState>, change: Partial<IstiodFacts>): void {
  west.istiod = { ...west.istiod, ...change };
}

function service(west: Writable<ClusterState>, change: Partial<GatewayService>): void {
  const [first] = west.gateways.services;
  if (first) west.gateways = { ...west.gateways, services: [{ ...first, ...change }] };
}

function cacerts(west: Writable<ClusterState>, change: Partial<NonNullable<Extract<ClusterState["cacerts"], { ok: true }>["value"]>>): void {
  if (west.cacerts.ok && west.cacerts.value) west.cacerts = { ok: true, value: { ...west.cacerts.value, ...change } };
}

function access(pair: Writable<PairFacts>, change: Partial<PairFacts["access"][number]>): void {
  const [first] = pair.access;
  if (first) pair.access = [{ ...first, ...change }];
}

function traffic(pair: Writable<PairFacts>, change: Partial<TrafficFacts>): void {
  if (pair.traffic?.ok) pair.traffic = { ok: true, value: { ...pair.traffic.value, ...change } };
}

function proxy(change: Partial<ProxyFacts>): ClusterState["proxies"] {
  return { ok: true, value: [{ id: "web-1.istioinaction", version: "1.31.4", stale: [], ...change }] };
}

describe("verify's checks", () => {
  let ca: Trust;
  before(async () => {
    ca = await trust();
  });

  it("find nothing wrong with a healthy mesh, and every finding says what was seen", () => {
    const findings = judge(meshFacts(ca));
    expect(bad(findings)).to.deep.equal([]);
    expect(findings.filter((f) => f.status === "skip").map((f) => f.check)).to.deep.equal(["endpoints.via-gateways"]);
    expect(findings.every((f) => f.seen.length > 0)).to.equal(true);
    expect(findings).to.have.length.greaterThan(50);
  });

  it("report the categories asked for and no other", () => {
    expect(new Set(judge(meshFacts(ca), ["trust", "logs"]).map((f) => f.category))).to.deep.equal(new Set(["trust", "logs"]));
  });

  const cases: [fault: string, change: Parameters<typeof broken>[1], expected: string[]][] = [
    ["a Kubernetes version far from the others", (_w, _p, f) => api(f, { version: "v1.30.0" }), ["warn clusters.versions mesh"]],
    ["a clock ahead of the others", (_w, _p, f) => api(f, { skewMs: 30_000 }), ["fail clusters.clocks mesh"]],
    ["a node that is not ready", (w) => (w.nodes = [{ name: "n", ready: false, region: "r", zone: "z" }]), ["fail clusters.nodes west"]],
    ["a node without region", (w) => (w.nodes = [{ name: "n", ready: true, zone: "z" }]), ["fail clusters.labels west"]],
    ["no cacerts", (w) => (w.cacerts = { ok: true, value: undefined }), ["fail trust.cacerts west"]],
    ["an incomplete cacerts", (w) => cacerts(w, { keys: ["ca-cert.pem", "ca-key.pem", "root-cert.pem"] }), ["fail trust.cacerts west"]],
    ["a certificate that cannot be parsed", (w) => cacerts(w, { caCert: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" }), ["fail trust.cacerts west"]],
    ["a foreign key", (w) => cacerts(w, { keyMatches: false }), ["fail trust.key west"]],
    ["istiod signing with another CA", (w) => (w.workloadCertificate = { ok: true, value: { proxy: "p.ns", chain: ca.leaves.east.pem } }), ["fail trust.signing west"]],
    ["another mesh id", (w) => istiod(w, { meshId: "other" }), ["fail identity.mesh-id mesh"]],
    ["another trust domain", (w, p) => (istiod(w, { trustDomain: "example.org" }), traffic(p, { clientIdentity: "spiffe://example.org/ns/usmesh-verify-00ff00/sa/prober" })), ["fail identity.trust-domain mesh"]],
    ["the same network twice", (w) => (istiod(w, { network: "east-network" }), (w.namespaceNetwork = "east-network"), service(w, { network: "east-network" }), (w.remoteServices = { ok: true, value: [] })), ["fail identity.networks mesh"]],
    ["the network label removed", (w) => (w.namespaceNetwork = undefined), ["fail identity.network-label west"]],
    ["a gateway of another network", (w) => service(w, { network: "north" }), ["fail identity.gateway-network west"]],
    ["overlapping pod ranges", (w) => (w.podCidrs = ["10.20.0.0/16"]), ["warn identity.ranges mesh"]],
    ["istiod without a ready pod", (w) => istiod(w, { ready: 0, remotes: { ok: false, error: "istiod has no ready pod" } }), ["fail identity.istiod west"]],
    ["no remote Secret", (w, p) => ((w.remoteSecrets = []), (p.access = [])), ["fail discovery.secret west→east"]],
    ["two remote Secrets for one peer", (_w, p) => (p.access = [...p.access, ...p.access]), ["fail discovery.secret west→east"]],
    ["a loopback server", (_w, p) => access(p, { server: "https://127.0.0.1:6443", denied: { ok: false, error: "a loopback address" }, failure: "unreachable" }), ["fail discovery.server west→east"]],
    ["a server that does not answer", (_w, p) => access(p, { denied: { ok: false, error: "connect ECONNREFUSED" }, failure: "unreachable" }), ["fail discovery.server west→east"]],
    ["a revoked token", (_w, p) => access(p, { denied: { ok: false, error: "Unauthorized" }, failure: "unauthorized" }), ["fail discovery.token west→east"]],
    ["a token without the permissions", (_w, p) => access(p, { denied: { ok: true, value: ["list pods"] } }), ["fail discovery.permissions west→east"]],
    ["a token that ends soon", (_w, p, f) => access(p, { expires: new Date(Date.parse(f.time) + 3 * 86_400_000).toISOString() }), ["warn discovery.token-lifetime west→east"]],
    ["a peer that does not sync", (w) => istiod(w, { remotes: { ok: true, value: [{ id: "east-cluster", secret: "s", status: "timeout" }] } }), ["fail discovery.synced west→east"]],
    ["a Secret for a cluster that left", (w) => (w.remoteSecrets = [...w.remoteSecrets, { secret: "istio-system/old", key: "north-cluster" }]), ["fail discovery.orphans west"]],
    ["no gateway", (w) => (w.gateways = { services: [], passthrough: [] }), ["fail gateways.present west"]],
    ["a gateway without an address", (w) => service(w, { addresses: [] }), ["fail gateways.address west"]],
    ["a gateway without port 15443", (w) => service(w, { hasPort15443: false }), ["fail gateways.address west"]],
    ["a gateway scaled to zero", (w) => service(w, { readyPods: 0 }), ["fail gateways.ready west"]],
    ["no Gateway resource", (w) => (w.gateways = { ...w.gateways, passthrough: [] }), ["fail gateways.passthrough west"]],
    ["a firewall in between", (_w, p) => probe(p, { open: { ok: false, error: "no answer within 3 s" } }), ["fail gateways.open west→east"]],
    ["no endpoint for a remote service", (w) => endpoints(w, []), ["fail endpoints.via-gateways west→east"]],
    ["raw pod addresses of another network", (w) => endpoints(w, [{ address: "10.20.0.7", port: 3000 }]), ["fail endpoints.via-gateways west→east"]],
    ["a gateway's address on another port", (w) => endpoints(w, [{ address: "172.18.255.202", port: 80 }]), ["fail endpoints.via-gateways west→east"]],
    ["requests that fail", (_w, p) => traffic(p, { status: 503 }), ["fail traffic.request west→east"]],
    ["requests that a policy denies", (_w, p) => traffic(p, { status: 403 }), ["fail traffic.request west→east"]],
    ["requests that another cluster answers", (_w, p) => traffic(p, { servedBy: "west" }), ["fail traffic.request west→east"]],
    ["test workloads that do not start", (_w, p) => (p.traffic = { ok: false, error: "the test pod did not become ready" }), ["fail traffic.request west→east"]],
    ["requests in plain text", (_w, p) => traffic(p, { clientIdentity: undefined }), ["fail traffic.identity west→east"]],
    ["a stranger's identity", (_w, p) => traffic(p, { clientIdentity: "spiffe://cluster.local/ns/other/sa/prober" }), ["fail traffic.identity west→east"]],
    ["an old proxy", (w) => (w.proxies = proxy({ version: "1.28.0" })), ["warn proxies.versions mesh"]],
    ["a proxy that refused its configuration", (w) => (w.proxies = proxy({ rejected: "no such filter" })), ["fail proxies.synced west"]],
    ["a proxy that is behind", (w) => (w.proxies = proxy({ stale: ["route"] })), ["warn proxies.synced west"]],
    ["proxies on a stale root", (w) => (w.distributedRoots = ca.west.pem), ["fail proxies.roots west"]],
    ["a pod without its sidecar", (w) => (w.injection = [{ namespace: "shop", missing: ["web-1"], injected: 0 }]), ["fail proxies.injection west"]],
    ["errors in the logs", (w) => (w.logs = { ok: true, value: [{ source: "istiod", message: "m", count: 2, example: "m" }] }), ["warn logs.errors west"]],
  ];

  for (const [fault, change, expected] of cases) {
    it(`name ${fault}, and nothing else`, () => {
      const findings = broken(ca, change);
      expect(bad(findings)).to.deep.equal(expected);
      for (const finding of findings.filter((f) => f.status === "fail" || f.status === "warn")) {
        expect(finding.reason, "reason").to.be.a("string").that.is.not.empty;
        expect(finding.cause, "cause").to.be.a("string").that.is.not.empty;
        expect(finding.remedy, "remedy").to.be.a("string").that.is.not.empty;
      }
    });
  }

  it("report a cluster whose API server is down once, and judge nothing that needs it", () => {
    const findings = broken(ca, (_west, _pair, facts) => {
      facts.clusters = facts.clusters.map((c) => (c.key === "west" ? { ...c, api: { ok: false, error: "connect ECONNREFUSED" }, state: undefined } : c));
    });
    expect(bad(findings)).to.deep.equal(["fail clusters.api west"]);
  });

  it("tell an intermediate of another root from a broken chain", async () => {
    const other = await issue({ name: "other root", days: 3650 });
    const west = await issue({ name: "west", issuer: other, pathLength: 0 });
    const leaf = await issue({ name: "workload", issuer: west, ca: false });
    const whole = broken(ca, (state, _pair, facts) => {
      cacerts(state, { caCert: west.pem, certChain: west.pem + other.pem, rootCert: other.pem });
      state.distributedRoots = other.pem;
      state.workloadCertificate = { ok: true, value: { proxy: "p.ns", chain: leaf.pem } };
      facts.pairs = facts.pairs.map((p) => ({ ...p, probes: [] }));
    });
    expect(bad(whole)).to.deep.equal(["fail trust.roots mesh"]);
    const torn = broken(ca, (state) => cacerts(state, { caCert: west.pem, certChain: west.pem }));
    expect(bad(torn)).to.include("fail trust.chain west").and.not.include("fail trust.roots mesh");
  });

  it("take a workload's certificate from before its intermediate was reissued with the same key, and none from another key", async () => {
    const reissued = await issue({ name: "west 2", issuer: ca.root, pathLength: 0, keys: ca.west.keys });
    const another = await issue({ name: "west", issuer: ca.root, pathLength: 0 });
    const withCa = (pem: string): Finding[] => broken(ca, (state) => cacerts(state, { caCert: pem, certChain: pem + ca.root.pem }));
    expect(bad(withCa(reissued.pem))).to.deep.equal([]);
    expect(withCa(reissued.pem).find((f) => f.check === "trust.signing" && f.cluster === "west")?.seen).to.contain("before that was reissued");
    expect(bad(withCa(another.pem))).to.deep.equal(["fail trust.signing west"]);
  });

  it("name an intermediate that has expired, and one that ends soon", async () => {
    const expired = await issue({ name: "west", issuer: ca.root, pathLength: 0, since: 400, days: -2 });
    const ending = await issue({ name: "west", issuer: ca.root, pathLength: 0, since: 400, days: 5 });
    const withCa = (pem: string): string[] => bad(broken(ca, (state) => cacerts(state, { caCert: pem, certChain: pem + ca.root.pem })).filter((f) => f.check === "trust.expiry"));
    expect(withCa(expired.pem)).to.deep.equal(["fail trust.expiry west"]);
    expect(withCa(ending.pem)).to.deep.equal(["warn trust.expiry west"]);
  });

  it("name certificates that may not sign as they do", async () => {
    const root = await issue({ name: "root", pathLength: 0, days: 3650 });
    const middle = await issue({ name: "middle", issuer: root });
    const tooDeep = await issue({ name: "west", issuer: middle, pathLength: 0 });
    const noUsage = await issue({ name: "west", issuer: ca.root, usages: KeyUsageFlags.digitalSignature });
    const noAuthority = await issue({ name: "west", issuer: ca.root, ca: false });
    const usage = (pem: string, chain: string, rootCert: string): string =>
      broken(ca, (state) => cacerts(state, { caCert: pem, certChain: chain, rootCert })).find((f) => f.check === "trust.usage" && f.cluster === "west")?.seen ?? "";
    expect(usage(tooDeep.pem, tooDeep.pem + middle.pem + root.pem, root.pem)).to.equal("root allows 0 authorities below it and has 2");
    expect(usage(noUsage.pem, noUsage.pem, ca.root.pem)).to.contain("no keyCertSign");
    expect(usage(noAuthority.pem, noAuthority.pem, ca.root.pem)).to.contain("CA:FALSE");
  });

  it("warn where no path length forbids an intermediate to sign further authorities, whoever would have to", async () => {
    const usage = async (rootLength?: number, length?: number): Promise<string[]> => {
      const root = await issue({ name: "root", pathLength: rootLength, days: 3650 });
      const west = await issue({ name: "west", issuer: root, pathLength: length });
      const findings = broken(ca, (state) => cacerts(state, { caCert: west.pem, certChain: west.pem + root.pem, rootCert: root.pem }));
      return bad(findings.filter((f) => f.check === "trust.usage"));
    };
    expect(await usage(undefined, undefined)).to.deep.equal(["warn trust.usage west"]);
    expect(await usage(2, undefined)).to.deep.equal(["warn trust.usage west"]);
    expect(await usage(undefined, 1)).to.deep.equal(["warn trust.usage west"]);
    expect(await usage(1, undefined)).to.deep.equal([]);
    expect(await usage(undefined, 0)).to.deep.equal([]);
  });

  it("name a gateway behind which another authority's certificate is presented", async () => {
    const stranger = await issue({ name: "stranger" });
    const findings = broken(ca, (_west, pair) => probe(pair, { chain: { ok: true, value: stranger.pem } }));
    expect(bad(findings)).to.deep.equal(["fail gateways.chain east"]);
  });
});

function api(facts: Writable<MeshFacts>, change: { version?: string; skewMs?: number }): void {
  facts.clusters = facts.clusters.map((c) => (c.key === "west" && c.api.ok ? { ...c, api: { ok: true, value: { ...c.api.value, ...change } } } : c));
}

function probe(pair: Writable<PairFacts>, change: Partial<PairFacts["probes"][number]>): void {
  pair.probes = pair.probes.map((p) => ({ ...p, ...change }));
}

function endpoints(west: Writable<ClusterState>, found: { address: string; port: number }[]): void {
  west.remoteServices = { ok: true, value: [{ service: "catalog.istioinaction", clusters: ["east"], endpoints: found }] };
}
