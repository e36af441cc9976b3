import { expect } from "chai";
import type { Site } from "../../../../cli/drill/failure";
import { drillPair, type DrillOptions, type PairParts } from "../../../../cli/drill/pair";
import type { Nodes } from "../../../../cli/drill/nodes";
import { FakeClock } from "./support/fake-clock";
import { drillCluster } from "./support/fake-kube";
import { FakeMesh } from "./support/fake-mesh";

describe("the drill of a pair", () => {
  let clock: FakeClock;
  let mesh: FakeMesh;
  let done: string[];
  let interrupt: AbortController;
  beforeEach(() => {
    clock = new FakeClock();
    mesh = new FakeMesh(clock);
    done = [];
    interrupt = new AbortController();
  });

  const parts = (change: Partial<PairParts> = {}): PairParts => ({
    deploy: async ({ failures }) => void done.push(`deploy ${failures.join(" ")}`),
    removeWorkloads: async ({ target }) => void done.push(`remove ${target.key}`),
    withClient: (_kube, pod, use) => {
      done.push(`as ${pod}`);
      return use({ send: () => mesh.send, lost: () => false });
    },
    readFailover: async (_kube, pod, service) => {
      done.push(`failover of ${service} in ${pod}`);
      return { outlierDetection: true, locality: true };
    },
    failureOf: (name) => mesh.failure(name),
    ...change,
  });
  const site = (kind: string | null = "east"): Site => ({ pair: { from: drillCluster("west"), to: drillCluster("east", kind) }, nodes: undefined as unknown as Nodes, clock });
  const options = (change: Partial<DrillOptions> = {}): DrillOptions => ({
    failures: ["errors", "no-replica"],
    retries: ["off", "on"],
    rate: 50,
    run: "0a1b",
    clock,
    signal: interrupt.signal,
    progress: () => undefined,
    left: (message) => void done.push(`left ${message}`),
    ...change,
  });

  it("creates the workloads, makes one failure after another, and removes the workloads in both clusters", async () => {
    const { pair, failover, results } = await drillPair(site(), options(), parts());
    expect(done).to.deep.equal(["deploy errors no-replica", "as client", "failover of errors in client", "as client", "remove west", "remove east"]);
    expect([pair, failover]).to.deep.equal([{ from: "west", to: "east" }, { outlierDetection: true, locality: true }]);
    expect(results.map(({ failure, outcomes }) => [failure, ...[...outcomes].map(([retries, { status }]) => `${retries} ${status}`)])).to.deep.equal([
      ["errors", "off survived", "on survived"],
      ["no-replica", "off survived", "on survived"],
    ]);
  });

  it("skips what cannot be made in these clusters, with the reason, in the order that was asked for", async () => {
    const { results } = await drillPair(site(null), options({ failures: ["errors", "paused-node", "no-replica"], retries: ["off"] }), parts());
    expect(done[0]).to.equal("deploy errors no-replica");
    expect(results.map(({ failure }) => failure)).to.deep.equal(["errors", "paused-node", "no-replica"]);
    expect(results[1]?.outcomes.get("off")).to.include({ status: "skipped" }).and.have.property("reason").that.contains("east is not a kind cluster");
  });

  it("creates nothing where nothing can be made", async () => {
    await drillPair(site(null), options({ failures: ["paused-node"] }), parts());
    expect(done).to.deep.equal([]);
  });

  it("does not ask how the mesh fails over where no failure needs to know", async () => {
    const { failover } = await drillPair(site(), options({ failures: ["frozen-api-server"] }), parts());
    expect(failover).to.equal(undefined);
    expect(done.some((line) => line.startsWith("failover"))).to.equal(false);
  });

  it("continues where it cannot be read how the mesh fails over", async () => {
    const { failover, results } = await drillPair(site(), options(), parts({ readFailover: () => Promise.reject(new Error("no page")) }));
    expect([failover, results[0]?.outcomes.get("off")?.status]).to.deep.equal([undefined, "survived"]);
  });

  const errorOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => undefined, (error: unknown) => error);

  it("removes what was created in part when the workloads do not start", async () => {
    const wrong = new Error("not ready");
    expect(await errorOf(drillPair(site(), options(), parts({ deploy: () => Promise.reject(wrong) })))).to.equal(wrong);
    expect(done).to.deep.equal(["remove west", "remove east"]);
  });

  it("repairs and removes when the user presses Ctrl-C", async () => {
    const wrong = new Error("interrupted");
    clock.at(8000, () => interrupt.abort(wrong));
    expect(await errorOf(drillPair(site(), options(), parts()))).to.equal(wrong);
    expect(mesh.done).to.deep.equal(["made", "repaired"]);
    expect(done.slice(-2)).to.deep.equal(["remove west", "remove east"]);
  });

  it("begins nothing after Ctrl-C", async () => {
    interrupt.abort(new Error("interrupted"));
    await errorOf(drillPair(site(), options(), parts()));
    expect(done).to.deep.equal([]);
  });

  it("ends with the first error when the workloads cannot be removed either", async () => {
    const wrong = new Error("not ready");
    const broken = parts({ deploy: () => Promise.reject(wrong), removeWorkloads: () => Promise.reject(new Error("still there")) });
    expect(await errorOf(drillPair(site(), options(), broken))).to.equal(wrong);
  });

  it("keeps what was measured, and tells what is left, when the workloads cannot be removed from one cluster", async () => {
    const removeWorkloads: PairParts["removeWorkloads"] = async ({ target }) => {
      if (target.key === "east") throw new Error("east: still there");
      done.push("remove west");
    };
    const { results } = await drillPair(site(), options({ failures: ["errors"] }), parts({ removeWorkloads }));
    expect(results[0]?.outcomes.get("off")?.status).to.equal("survived");
    expect(done.slice(-2)).to.deep.equal(["remove west", "left east: still there"]);
  });
});
