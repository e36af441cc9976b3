import { expect } from "chai";
import { deploy, judgeNamespace, removeLeftovers, removeWorkloads } from "../../../../cli/drill/workloads";
import type { MeshError } from "../../../../lib/errors";
import { FakeClock } from "./support/fake-clock";
import { drillCluster, type FakeDrillCluster, runningPod } from "./support/fake-kube";

const NAMESPACE = "/api/v1/namespaces/usmesh-drill";
const gateway = runningPod("gateway");
const clock = new FakeClock();

const errorOf = (work: Promise<unknown>): Promise<MeshError | undefined> => work.then(() => undefined, (error: MeshError) => error);

describe("the workloads of a drill", () => {
  let west: FakeDrillCluster;
  let east: FakeDrillCluster;
  beforeEach(() => {
    [west, east] = [drillCluster("west"), drillCluster("east")];
    for (const { kube } of [west, east]) {
      kube.objects.set("/api/v1/pods", { items: [gateway] });
      kube.objects.set(`${NAMESPACE}/pods`, { items: [runningPod("backend-1"), runningPod("client")] });
    }
  });
  const start = (signal = new AbortController().signal): Promise<void> => deploy({ pair: { from: west, to: east }, failures: ["errors"], run: "0a1b", clock, signal });

  it("are created in both clusters, in a namespace that comes first", async () => {
    await start();
    for (const { kube } of [west, east]) {
      expect(kube.asked[0]).to.equal("POST /api/v1/namespaces");
      expect(kube.asked.slice(1).filter((line) => !/^POST \/apis?\/.*\/namespaces\/usmesh-drill\/|^POST \/api\/v1\/namespaces\/usmesh-drill\//.test(line))).to.deep.equal([]);
    }
    expect(west.kube.asked.filter((line) => line.endsWith("/pods"))).to.have.length(1);
    expect(east.kube.asked.filter((line) => line.endsWith("/pods"))).to.have.length(0);
  });

  it("are waited for", async () => {
    west.kube.objects.set(`${NAMESPACE}/pods`, { items: [runningPod("backend-1"), runningPod("client", { ready: false })] });
    clock.at(clock.now() + 5000, () => west.kube.objects.set(`${NAMESPACE}/pods`, { items: [runningPod("backend-1"), runningPod("client")] }));
    const before = clock.now();
    await start();
    expect(clock.now() - before).to.be.within(5000, 6000);
  });

  it("that do not run in time end the drill, with their names", async () => {
    west.kube.objects.set(`${NAMESPACE}/pods`, { items: [runningPod("backend-1", { ready: false }), runningPod("client")] });
    const error = await errorOf(start());
    expect(error?.message).to.equal("west: the drill's pods are not ready after 90 s (backend-1)");
  });

  it("that an API server refuses end the drill, with its cluster's name", async () => {
    west.kube.errors.set("POST /api/v1/namespaces", new Error("no answer within 10 s"));
    const error = await errorOf(start());
    expect([error?.message, error?.hint]).to.deep.equal(["west: no answer within 10 s", "./mesh verify says what is wrong in the mesh."]);
  });

  it("without a sidecar end the drill: they would not be part of the mesh", async () => {
    east.kube.objects.set(`${NAMESPACE}/pods`, { items: [runningPod("backend-1", { sidecar: false })] });
    expect((await errorOf(start()))?.message).to.equal("east: the drill's pod backend-1 got no sidecar: injection does not work");
  });

  it("are waited for no longer when the user presses Ctrl-C", async () => {
    west.kube.objects.set(`${NAMESPACE}/pods`, { items: [] });
    const interrupt = new AbortController();
    const wrong = new Error("interrupted");
    clock.at(clock.now() + 1000, () => interrupt.abort(wrong));
    expect(await errorOf(start(interrupt.signal))).to.equal(wrong);
  });

  it("are removed with their namespace, and that is waited for", async () => {
    west.kube.objects.set(NAMESPACE, {});
    await removeWorkloads(west, clock);
    expect(west.kube.asked).to.deep.equal([`DELETE ${NAMESPACE}`]);
    expect(west.kube.objects.has(NAMESPACE)).to.equal(false);
  });

  it("are removed also when the API server needs a moment to answer again", async () => {
    west.kube.objects.set(NAMESPACE, {});
    west.kube.errors.set(`DELETE ${NAMESPACE}`, new Error("no answer within 10 s"));
    clock.at(clock.now() + 3000, () => west.kube.errors.clear());
    await removeWorkloads(west, clock);
    expect(west.kube.objects.has(NAMESPACE)).to.equal(false);
  });

  it("that are gone already need not be removed", async () => removeWorkloads(west, clock));

  it("that cannot be removed are an error that says what to look at", async () => {
    west.kube.text = async () => ({ body: "{}", date: NaN });
    const error = await errorOf(removeWorkloads(west, clock));
    expect(error?.message).to.equal("west: the namespace usmesh-drill is still there after 360 s");
    expect(error?.hint).to.contain("kubectl --context kind-west get all -n usmesh-drill");
  });
});

describe("a namespace that is there before a drill", () => {
  const now = Date.parse("2026-01-01T12:00:00Z");
  const { target } = drillCluster("west");
  const namespace = (change: { run?: string; created?: string; owner?: string; deletionTimestamp?: string } = {}) => ({
    metadata: {
      name: "usmesh-drill",
      labels: { "app.kubernetes.io/managed-by": change.owner ?? "usmesh-drill", "usmesh-drill/run": change.run ?? "theirs" },
      creationTimestamp: change.created ?? "2026-01-01T11:57:30Z",
      ...(change.deletionTimestamp === undefined ? {} : { deletionTimestamp: change.deletionTimestamp }),
    },
  });

  it("is removed when a run of this user left it", () => expect(judgeNamespace(namespace({ run: "mine" }), "mine", now, target)).to.equal("remove"));
  it("is removed when it is an hour old", () => expect(judgeNamespace(namespace({ created: "2026-01-01T11:00:00Z" }), undefined, now, target)).to.equal("remove"));
  it("is waited for when it is being removed", () => expect(judgeNamespace(namespace({ deletionTimestamp: "2026-01-01T11:59:00Z" }), undefined, now, target)).to.equal("remove"));
  it("is none where there is none", () => expect(judgeNamespace(undefined, "mine", now, target)).to.equal("none"));

  it("ends the run when somebody else's drill may be running", () => {
    expect(() => judgeNamespace(namespace(), "mine", now, target)).to.throw("west: a drill that began 2 minutes ago may be running elsewhere");
    expect(() => judgeNamespace(namespace(), undefined, now, target)).to.throw("may be running elsewhere");
  });

  it("ends the run when it is not a drill's, however old", () => {
    expect(() => judgeNamespace(namespace({ owner: "somebody", created: "2025-01-01T00:00:00Z" }), undefined, now, target)).to.throw("west: the namespace usmesh-drill is there and is not a drill's");
  });

  it("is left alone in a cluster that has none, and removed in one that has", async () => {
    const [clean, left] = [drillCluster("west"), drillCluster("east")];
    left.kube.objects.set(NAMESPACE, namespace({ run: "mine" }));
    expect([await removeLeftovers(clean, "mine", clock, now), await removeLeftovers(left, "mine", clock, now)]).to.deep.equal([false, true]);
    expect([clean.kube.asked, left.kube.asked]).to.deep.equal([[], [`DELETE ${NAMESPACE}`]]);
  });
});
