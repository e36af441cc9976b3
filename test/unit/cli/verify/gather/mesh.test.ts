import { expect } from "chai";
import { judge } from "../../../../../cli/verify/checks/index";
import type { MeshFacts } from "../../../../../cli/verify/facts";
import { gatherMesh } from "../../../../../cli/verify/gather/mesh";
import type { Traffic } from "../../../../../cli/verify/gather/traffic";
import { sharedTrust } from "../support/cases";
import { clusterz, type FakeCluster, fakeCluster, istiodPod, pod, syncz } from "../support/fake-cluster";

describe("what verify reads of a mesh", () => {
  let west: FakeCluster;
  let east: FakeCluster;
  beforeEach(async () => {
    const trust = await sharedTrust();
    [west, east] = await Promise.all([fakeCluster("west", trust), fakeCluster("east", trust)]);
  });
  afterEach(() => [west, east].forEach((cluster) => cluster.stop()));

  const read = (): Promise<MeshFacts> => gatherMesh([west.target, east.target], undefined, () => undefined);
  const found = (facts: MeshFacts, check: string): string[] => judge(facts).filter((f) => f.check === check && f.cluster !== "east").map((f) => f.status);

  it("is what each cluster says of itself", async () => {
    const [cluster] = (await read()).clusters;
    expect(cluster).to.include({ key: "west", server: west.kube.server, kubectl: "kubectl --context west" });
    expect(cluster?.unread).to.equal(undefined);
    expect(cluster?.api.ok && cluster.api.value.version).to.equal("v1.34.4");
    const { nodes, podCidrs, serviceCidrs, namespaceNetwork, istiod, gateways, remoteSecrets, injection, logs } = cluster!.state!;
    expect(nodes).to.deep.equal([{ name: "n", ready: true, region: "us", zone: "0" }]);
    expect([podCidrs, serviceCidrs, namespaceNetwork]).to.deep.equal([["10.10.0.0/24"], ["10.100.0.0/16"], "west-network"]);
    expect(istiod).to.include({ ready: 1, total: 1, version: "1.31.4", clusterName: "west-cluster", meshId: "usmesh", trustDomain: "cluster.local", network: "west-network" });
    expect(gateways.services.map((s) => [s.name, s.network, s.addresses, s.readyPods])).to.deep.equal([["istio-system/istio-eastwestgateway", "west-network", ["192.0.2.1"], 1]]);
    expect(remoteSecrets).to.deep.equal({ ok: true, value: [{ secret: "istio-system/istio-remote-secrets", key: "east-cluster", server: "https://127.0.0.1:6443" }] });
    expect(injection).to.deep.equal([{ namespace: "shop", missing: [], injected: 1 }]);
    expect(logs).to.deep.equal({ ok: true, value: [] });
  });

  it("is for every ordered pair what its remote Secret leads to, and whether its gateway accepts connections", async () => {
    const { pairs } = await read();
    expect(pairs.map(({ from, to }) => `${from}->${to}`)).to.deep.equal(["west->east", "east->west"]);
    const [pair] = pairs;
    expect(pair?.access.map(({ key, failure }) => [key, failure])).to.deep.equal([["east-cluster", "unreachable"]]);
    expect(pair?.probes.map(({ address, connection }) => [address, connection])).to.deep.equal([["192.0.2.1", { ok: true, value: { accepted: true } }]]);
    expect(west.kube.commands[0]?.slice(0, 4)).to.deep.equal(["istio-system", "gateway-1", "istio-proxy", "curl"]);
  });

  it("is where a proxy sends requests for a service that only another cluster has", async () => {
    const { clusters } = await read();
    expect(clusters.map((c) => c.state?.remoteServices)).to.deep.equal([
      { ok: true, value: [{ service: "web.shop", clusters: ["east"], endpoints: [{ address: "192.0.2.1", port: 15443 }] }] },
      { ok: true, value: [] },
    ]);
  });

  it("does not ask a proxy of what observes the mesh, which does not know all services", async () => {
    west.pods.unshift(pod("jaeger-1", { namespace: "usmesh-observability", labels: { app: "jaeger" } }));
    const { clusters } = await read();
    expect(clusters[0]?.state?.remoteServices).to.deep.include({ ok: true }).and.have.nested.property("value[0].service", "web.shop");
  });

  it("holds no token and no private key", async () => {
    const text = JSON.stringify(await read());
    expect(text).not.to.contain('"abc"').and.not.to.contain("KEY\"");
  });

  it("of an API server that does not answer is that alone, and nothing passes for its cluster", async () => {
    west.kube.silent.add("/version");
    const facts = await read();
    expect(facts.clusters[0]).to.deep.include({ api: { ok: false, error: "no answer within 5 s" }, unread: "no answer within 5 s" });
    expect(facts.clusters[0]?.state).to.equal(undefined);
    expect(found(facts, "clusters.api")).to.deep.equal(["fail"]);
    expect(found(facts, "discovery.synced")).to.deep.equal(["unknown"]);
  });

  it("of an API server that stops answering in between is the same", async () => {
    west.kube.silent.add("/api/v1/pods");
    expect(found(await read(), "clusters.api")).to.deep.equal(["fail"]);
  });

  it("of a cluster that may not be read is why, and its API server passes", async () => {
    west.kube.forbidden.add("/api/v1/nodes");
    const facts = await read();
    expect(facts.clusters[0]?.unread).to.equal("/api/v1/nodes is forbidden");
    expect(found(facts, "clusters.api")).to.deep.equal(["pass"]);
    expect(found(facts, "clusters.nodes")).to.deep.equal(["unknown"]);
  });

  it("of Secrets that may not be read is unknown, and all else of the cluster is read", async () => {
    west.kube.forbidden.add("/api/v1/namespaces/istio-system/secrets").add("/api/v1/namespaces/istio-system/secrets/cacerts");
    const facts = await read();
    expect(found(facts, "discovery.secret")).to.deep.equal(["unknown"]);
    expect(found(facts, "discovery.synced")).to.deep.equal(["pass"]);
    expect(found(facts, "trust.cacerts")).to.deep.equal(["unknown"]);
    expect(found(facts, "clusters.nodes")).to.deep.equal(["pass"]);
  });

  it("of logs that may not be read is unknown", async () => {
    west.kube.forbidden.add("/api/v1/namespaces/istio-system/pods/istiod-1/log");
    expect(found(await read(), "logs.errors")).to.deep.equal(["unknown"]);
  });

  describe("of two pods of istiod", () => {
    beforeEach(() => void west.pods.push(istiodPod("istiod-2")));

    it("is what both say", async () => {
      west.kube.pages.set("istiod-2/debug/clusterz", clusterz("east-cluster", "timeout")).set("istiod-2/debug/syncz", syncz({ proxy: "web-2.shop" }));
      const facts = await read();
      expect(facts.clusters[0]?.state?.istiod.replicas.map(({ pod, remotes, proxies }) => [pod, remotes.ok && remotes.value[0]?.status, proxies.ok && proxies.value[0]?.id])).to.deep.equal([
        ["istiod-1", "synced", "web-1.shop"],
        ["istiod-2", "timeout", "web-2.shop"],
      ]);
    });

    it("of which one does not answer, is that it did not, and does not pass", async () => {
      const facts = await read();
      expect(facts.clusters[0]?.state?.istiod.replicas[1]).to.deep.equal({
        pod: "istiod-2",
        remotes: { ok: false, error: "no answer within 5 s" },
        proxies: { ok: false, error: "no answer within 5 s" },
      });
      expect(found(facts, "proxies.synced")).to.deep.equal(["unknown"]);
      expect(found(facts, "proxies.versions")).to.deep.equal(["unknown"]);
    });
  });

  it("is unknown where proxies are there and none is ready, and nothing where there are none", async () => {
    for (const proxy of west.pods.slice(1)) proxy.status!.conditions = [];
    const notReady = (await read()).clusters[0]?.state;
    expect([notReady?.workloadCertificate.ok, notReady?.remoteServices.ok]).to.deep.equal([false, false]);
    west.pods.splice(1);
    const none = (await read()).clusters[0]?.state;
    expect([none?.workloadCertificate, none?.remoteServices]).to.deep.equal([{ ok: true, value: undefined }, { ok: true, value: undefined }]);
  });

  it("takes what belongs to a run of verify for no part of the mesh", async () => {
    west.pods.push({ ...west.pods[2]!, metadata: { name: "prober", namespace: "usmesh-verify-0a1b2c" }, spec: { containers: [{ name: "app" }] } });
    const { injection } = (await read()).clusters[0]!.state!;
    expect(injection.map(({ namespace }) => namespace)).to.deep.equal(["shop"]);
  });

  it("reads the clusters once what the requests need is created, or that has failed", async () => {
    const none = { pairs: new Map(), plaintext: new Map() };
    const steps = async (traffic: Traffic): Promise<string[]> => {
      const seen: string[] = [];
      await gatherMesh([west.target], (targets, created) => traffic(targets, () => (seen.push("created"), created())), (line) => seen.push(line));
      return seen;
    };
    const creating: Traffic = async (_, created) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      created();
      return none;
    };
    expect((await steps(creating)).slice(0, 3)).to.deep.equal(["creating test workloads", "created", "reading 1 clusters"]);
    expect((await steps(async () => none)).slice(0, 2)).to.deep.equal(["creating test workloads", "reading 1 clusters"]);
  });

  it("has the answer to each pair's request", async () => {
    const answer = { ok: true, value: { status: 200, servedBy: "east", latencyMs: 1 } } as const;
    const refused = { ok: true, value: { accepted: false, refusal: "EOF" } } as const;
    const facts = await gatherMesh([west.target, east.target], () => Promise.resolve({ pairs: new Map([["west->east", answer]]), plaintext: new Map([["east", refused]]) }), () => undefined);
    expect(facts.pairs.map(({ traffic }) => traffic)).to.deep.equal([answer, undefined]);
    expect(facts.clusters.map(({ plaintext }) => plaintext)).to.deep.equal([undefined, refused]);
  });
});
