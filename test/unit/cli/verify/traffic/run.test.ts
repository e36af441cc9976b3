import { expect } from "chai";
import { KubeError } from "../../../../../lib/api-server";
import { startOrReason } from "../../../../../cli/verify/traffic/probers";
import { runTraffic } from "../../../../../cli/verify/traffic/run";
import { proxyImage } from "../../../../../cli/verify/traffic/workloads";
import type { Stored } from "../../../support/fake-api-server";
import { sharedTrust } from "../support/cases";
import { type FakeCluster, fakeCluster, pod } from "../support/fake-cluster";
import { FakeProber } from "../support/fake-prober";

const NAMESPACE = /^\/api\/v1\/namespaces\/usmesh-verify-[0-9a-f]{6}/;

describe("verify's test workloads", () => {
  it("run the image of a proxy that is ready", () => {
    expect(proxyImage([pod("a", { ready: false }), pod("b")])).to.equal("example/istio-proxy:1");
    expect(proxyImage([pod("a", { containers: ["app"] })])).to.equal(undefined);
  });

  const failing = (error: Error) => startOrReason(() => Promise.reject(error));

  for (const status of [401, 403, 429]) {
    it(`that the API server refuses to this user (${status}) say nothing about the mesh`, async () => {
      expect(await failing(new KubeError(status, "namespaces is forbidden"))).to.deep.equal({ ok: false, error: "namespaces is forbidden" });
    });
  }

  it("say nothing about the mesh where the API server does not answer", async () => {
    expect(await failing(new Error("no answer within 5 s"))).to.deep.equal({ ok: false, error: "no answer within 5 s" });
  });

  it("that the API server takes and cannot create are a failure: istiod's webhook, for one", async () => {
    expect(await failing(new KubeError(500, "failed calling webhook"))).to.deep.equal({ ok: true, value: { notStarted: "failed calling webhook" } });
  });

  it("that start have no reason", async () => expect(await startOrReason(() => Promise.resolve())).to.equal(undefined));
});

describe("a run of requests between the clusters", () => {
  let west: FakeCluster;
  let east: FakeCluster;
  let prober: FakeProber;
  let podsWhenCreated: number | undefined;
  beforeEach(async () => {
    const trust = await sharedTrust();
    [west, east, prober] = await Promise.all([fakeCluster("west", trust), fakeCluster("east", trust), FakeProber.start()]);
    for (const { kube } of [west, east]) kube.localPort = prober.port;
  });
  afterEach(() => [west, east, prober].forEach((one) => one.stop()));

  const run = () => runTraffic([west.target, east.target], { timeoutMs: 0, signal: new AbortController().signal, created: () => (podsWhenCreated = west.kube.created.filter((path) => path.endsWith("/pods")).length) });
  const answer = { ok: true, value: { status: 200, clientIdentity: "spiffe://cluster.local/ns/n/sa/prober", latencyMs: 7 } };

  it("has an answer for every ordered pair", async () => {
    expect([...(await run()).pairs]).to.deep.equal([
      ["west->east", { ...answer, value: { ...answer.value, servedBy: "east" } }],
      ["east->west", { ...answer, value: { ...answer.value, servedBy: "west" } }],
    ]);
  });

  it("creates objects in a namespace of its own alone, says when they are created, and removes it", async () => {
    await run();
    expect(podsWhenCreated).to.equal(1);
    const [namespace, ...others] = west.kube.created;
    expect(namespace).to.equal("/api/v1/namespaces");
    expect(others.filter((path) => !NAMESPACE.test(path))).to.deep.equal([]);
    expect(west.kube.deleted).to.deep.equal([NAMESPACE.exec(others[0] ?? "")?.[0]]);
    expect(east.kube.deleted).to.deep.equal(west.kube.deleted);
  });

  it("removes what an interrupted run left behind, and nothing of a run that is still active", async () => {
    const left = (name: string, renewed?: Date) => ({ metadata: { name, creationTimestamp: "2026-01-01T00:00:00Z", annotations: renewed && { "usmesh.io/renewed": renewed.toISOString() } } });
    const stored = { items: [left("usmesh-verify-000001"), left("usmesh-verify-000002", new Date()), left("usmesh-verify-000003", new Date(0))] };
    west.api.objects.set("/api/v1/namespaces", stored as unknown as Stored);
    await run();
    expect(west.kube.deleted.slice(0, -1)).to.have.members(["/api/v1/namespaces/usmesh-verify-000001", "/api/v1/namespaces/usmesh-verify-000003"]);
  });

  it("has the last answer where none is 200", async () => {
    prober.status = 503;
    const found = (await run()).pairs.get("west->east");
    expect(found?.ok && found.value).to.include({ status: 503 });
  });

  it("could not ask where nothing answers at the port of the test pod", async () => {
    west.kube.localPort = 1;
    const answers = await run();
    expect([answers.pairs.get("west->east")?.ok, answers.pairs.get("east->west")?.ok]).to.deep.equal([false, true]);
  });

  it("fails for all pairs of a cluster that gives the test pod no sidecar", async () => {
    west.kube.prober = pod("prober", { containers: ["prober"] });
    const notStarted = { ok: true, value: { notStarted: "west: the test pod got no sidecar: injection does not work" } };
    expect([...(await run()).pairs.values()]).to.deep.equal([notStarted, notStarted]);
    expect(west.kube.deleted).to.have.length(1);
  });

  it("could not look, for all pairs of a cluster where nothing may be created", async () => {
    west.kube.forbidden.add("/api/v1/namespaces");
    podsWhenCreated = undefined;
    const refused = { ok: false, error: "west: /api/v1/namespaces is forbidden" };
    expect([...(await run()).pairs.values()]).to.deep.equal([refused, refused]);
    expect(podsWhenCreated, "nobody waits for them").to.equal(0);
  });
});
