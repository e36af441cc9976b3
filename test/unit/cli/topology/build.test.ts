import { expect } from "chai";
import { topologyOf } from "../../../../cli/topology/build";
import { topologySchema } from "../../../../cli/topology/schema";
import { judge } from "../../../../cli/verify/checks/index";
import type { MeshFacts } from "../../../../cli/verify/facts";
import { sharedTrust } from "../verify/support/cases";
import { meshFacts } from "../verify/support/healthy";

/** Facts that can be changed. */
type Open<T> = { -readonly [Key in keyof T]: Open<T[Key]> };

const rates = (perSecond: Record<string, number>) => ({ perSecond: new Map(Object.entries(perSecond)), answered: 2, total: 3 });

describe("the topology of a mesh", () => {
  let facts: Open<MeshFacts>;
  beforeEach(async () => (facts = structuredClone(meshFacts(await sharedTrust())) as Open<MeshFacts>));

  const none = { loadBalancers: new Map(), rates: new Map() };
  const made = (extras: Parameters<typeof topologyOf>[2] = none) => topologyOf(facts, judge(facts), extras);

  it("has what each cluster says of itself, and follows its schema", () => {
    const topology = made({ loadBalancers: new Map([["west", [{ name: "istio-system/istio-ingressgateway", addresses: ["172.18.255.101"], readyPods: 1 }]]]), rates: new Map([["west", rates({ west: 1.5, east: 3 })]]) });
    expect(topologySchema.parse(topology)).to.deep.equal(topology);
    expect(topology).to.deep.include({ meshIds: ["usmesh"], trustDomains: ["cluster.local"], condition: "ok", findings: [] });
    const [west, east] = topology.clusters;
    expect(west).to.deep.include({ key: "west", kubernetes: "v1.34.4", clusterName: "west-cluster", network: "west-network", istio: "1.31.4", istiod: { ready: 1, total: 1 }, places: ["westus/0"], condition: "ok" });
    expect(west?.gateways).to.deep.equal([
      { name: "istio-system/istio-eastwestgateway", network: "west-network", addresses: ["172.18.255.102"], readyPods: 1 },
      { name: "istio-system/istio-ingressgateway", addresses: ["172.18.255.101"], readyPods: 1 },
    ]);
    expect(west).to.deep.include({ requestsPerSecond: 1.5, proxies: { answered: 2, total: 3 } });
    expect(east).not.to.have.property("requestsPerSecond");
    expect(west?.trust?.root).to.match(/^[0-9a-f]{8}$/).and.equal(east?.trust?.root);
    expect(west?.trust?.roots).to.deep.equal([west?.trust?.root]);
  });

  it("has who reads whom, and what is sent, for every ordered pair", () => {
    const { links } = made({ ...none, rates: new Map([["west", rates({ east: 3 })]]) });
    expect(links).to.deep.equal([
      { from: "west", to: "east", reads: "synced", requestsPerSecond: 3, condition: "ok" },
      { from: "east", to: "west", reads: "synced", condition: "ok" },
    ]);
  });

  it("is red where verify finds something wrong, in the cluster or the pair that it is about, and says why", () => {
    facts.pairs[0]!.access[0]!.denied = { ok: false, error: "Unauthorized" };
    facts.pairs[0]!.access[0]!.failure = "unauthorized";
    facts.clusters[1]!.state!.nodes[0]!.ready = false;
    const { clusters, links, condition, findings } = made();
    expect([clusters.map((one) => one.condition), links.map((one) => one.condition), condition]).to.deep.equal([["ok", "fail"], ["fail", "ok"], "fail"]);
    expect(findings.map(({ check, status }) => `${check} ${status}`)).to.deep.equal(["clusters.nodes fail", "discovery.token fail"]);
    for (const { reason, remedy } of findings) expect([reason, remedy]).to.not.include(undefined);
  });

  it("knows nothing of a cluster that could not be read, nor of who it reads", () => {
    delete facts.clusters[0]!.state;
    facts.clusters[0]!.unread = "no answer within 5 s";
    facts.clusters[0]!.api = { ok: false, error: "no answer within 5 s" };
    const { clusters, links } = made();
    expect(clusters[0]).to.include({ unread: "no answer within 5 s", condition: "fail" }).and.not.have.property("kubernetes");
    expect(links.map(({ reads, condition }) => [reads, condition])).to.deep.equal([["unknown", "unknown"], ["unknown", "unknown"]]);
  });

  const reads = (change: (facts: Open<MeshFacts>) => void): string | undefined => {
    change(facts);
    return made().links[0]?.reads;
  };

  it("tells a peer that istiod does not know from one that it has not read completely, or could not be asked about", () => {
    const replicas = facts.clusters[0]!.state!.istiod.replicas;
    const first = replicas[0]!;
    expect(reads(() => (first.remotes = { ok: true, value: [] }))).to.equal("absent");
    expect(reads(() => (first.remotes = { ok: true, value: [{ id: "east-cluster", secret: "s", status: "timeout" }] }))).to.equal("timeout");
    expect(reads(() => (first.remotes = { ok: false, error: "no answer" }))).to.equal("unknown");
    const other = { ...first, pod: "istiod-2", remotes: { ok: true, value: [{ id: "east-cluster", secret: "s", status: "syncing" }] } } as typeof first;
    expect(reads(() => replicas.push(other))).to.equal("syncing");
  });

  it("leaves out the trust of a cluster whose authority may not be read", () => {
    facts.clusters[0]!.state!.cacerts = { ok: false, error: "secrets is forbidden" };
    expect(made().clusters[0]).not.to.have.property("trust");
  });
});
