import { expect } from "chai";
import type { Parts, UpgradeOptions } from "../../../../cli/upgrade/parts";
import { upgradeReport, upgradeText } from "../../../../cli/upgrade/report";
import { runUpgrade } from "../../../../cli/upgrade/run";
import { type MeshError } from "../../../../lib/errors";
import { World } from "./support/world";

describe("mesh upgrade", () => {
  let world: World;
  beforeEach(() => (world = new World()));
  afterEach(() => expect(world.replaced, "replaced in place").to.deep.equal([]));

  const options = (change: Partial<UpgradeOptions> = {}): UpgradeOptions => ({ to: { version: "1.31.4" }, clusters: [], first: [], rollback: false, signal: new AbortController().signal, ...change });
  const upgrade = (change?: Partial<UpgradeOptions>) => runUpgrade(["west"], options(change), world.parts());
  const failure = (change?: Partial<UpgradeOptions>): Promise<MeshError> => upgrade(change).then(() => expect.fail("it did not fail"), (error: MeshError) => error);
  const STEPS = ["up", "green", "up", "green", "up", "green", "up", "green", "restart KEY shop/web-1", "green", "up", "green"];
  const stepsOf = (key: string): string[] => STEPS.map((step) => step.replace("KEY", key));

  it("upgrades one cluster after another, and checks the mesh before the first change and after each", async () => {
    const report = await upgrade();
    expect(world.calls).to.deep.equal(["green", ...stepsOf("north"), "green", ...stepsOf("west")]);
    expect(report.clusters.map(({ cluster, from, to, revision, outcome }) => [cluster, from, to, revision, outcome])).to.deep.equal([
      ["north", "1.31.3", "1.31.4", "blue", "upgraded"],
      ["west", "1.31.3", "1.31.4", "blue", "upgraded"],
    ]);
    expect(upgradeReport.safeParse(report).success).to.equal(true);
    expect(report.clusters[0]?.phases.map(({ what }) => what)).to.include("north: restarted in shop: deployment web");
    expect(upgradeText(report)).to.match(/^north \(west\): Istio 1\.31\.3 → 1\.31\.4, revision blue\n {6}0 s {2}north: istiod 1\.31\.4 \(blue\) is installed beside 1\.31\.3/);
  });

  it("upgrades one cluster alone, and leaves it so", async () => {
    await upgrade({ clusters: ["west"] });
    expect([world.istio("west").version, world.istio("north").version]).to.deep.equal(["1.31.4", "1.31.3"]);
  });

  it("does nothing where the version is there already", async () => {
    await upgrade();
    world.calls.length = 0;
    expect((await upgrade()).clusters.map(({ outcome }) => outcome)).to.deep.equal(["unchanged", "unchanged"]);
    expect(world.calls).to.deep.equal([]);
  });

  it("takes the version of the stack where none is named, and never replaces a cluster in place", async () => {
    world.text = world.text.replace(/usmesh:istio: \{ ?version: 1\.31\.3/, "usmesh:istio: { version: 1.31.4");
    const report = await upgrade({ to: {} });
    expect(report.clusters.map(({ cluster, from, to, revision }) => [cluster, from, to, revision])).to.deep.equal([["north", "1.31.3", "1.31.4", "blue"], ["west", "1.31.3", "1.31.4", "blue"]]);
    expect(world.calls).to.deep.equal(["green", ...stepsOf("north"), "green", ...stepsOf("west")]);
  });

  it("says that it needs a version where every cluster has what the settings say", async () => {
    expect((await failure({ to: {} })).section).to.equal("upgrade-to-what");
    await upgrade();
    expect((await failure({ to: {} })).section, "north and west are pinned, and the stack has an older version").to.equal("istio-downgrade");
  });

  it("changes nothing in a mesh whose checks fail", async () => {
    world.red = [1, 2, 3];
    const before = world.text;
    const error = await failure();
    expect(error.section).to.equal("upgrade-stopped");
    expect(error.message).to.match(/checks of the mesh fail before anything is changed; nothing more is changed\n {2}traffic\.request west→north: 503/);
    expect([world.calls, world.text]).to.deep.equal([["red", "red", "red"], before]);
  });

  it("repeats checks that fail only for a moment", async () => {
    world.red = [2, 3];
    expect((await upgrade({ clusters: ["west"] })).clusters[0]?.outcome).to.equal("upgraded");
  });

  it("stops where checks of the mesh fail, continues from there, and goes back from there", async () => {
    world.red = [3, 4, 5];
    expect((await failure({ clusters: ["west"] })).section).to.equal("upgrade-stopped");
    expect(world.istio("west").next?.step).to.equal("eastWest");
    const [stopped, exported] = [world.text, world.pulumi.exported.get("west")!];
    await upgrade({ clusters: ["west"], to: {} });
    expect(world.istio("west")).to.include({ version: "1.31.4", revision: "blue" });
    world.text = stopped;
    world.pods.set("west", "default");
    world.pulumi.exported.set("west", exported);
    const back = await upgrade({ clusters: ["west"], to: {}, rollback: true });
    expect(back.clusters.map(({ outcome, to, revision }) => [outcome, to, revision])).to.deep.equal([["rolled-back", "1.31.3", "default"]]);
    expect(world.istio("west").next).to.equal(undefined);
  });

  it("restarts nothing in a mesh whose checks fail", async () => {
    world.red = [5, 6, 7, 8, 9, 10];
    expect((await failure({ clusters: ["west"] })).section).to.equal("upgrade-stopped");
    expect(world.istio("west").next?.step).to.equal("workloads");
    world.calls.length = 0;
    expect((await failure({ clusters: ["west"], to: {} })).section).to.equal("upgrade-stopped");
    expect(world.calls).to.deep.equal(["red", "red", "red"]);
  });

  it("takes back what has begun, also where other clusters of the stack have begun nothing", async () => {
    world.red = [3, 4, 5];
    await failure({ clusters: ["west"] });
    const back = await upgrade({ to: {}, rollback: true });
    expect(back.clusters.map(({ cluster, outcome }) => [cluster, outcome])).to.deep.equal([["north", "unchanged"], ["west", "rolled-back"]]);
  });

  it("takes nothing back once the old istiod is being removed, and finishes instead", async () => {
    const parts = world.parts();
    const killed: Parts["bringUp"] = (...args) => (world.istio("west").version === "1.31.4" ? Promise.reject(new Error("killed")) : parts.bringUp(...args));
    await runUpgrade(["west"], options({ clusters: ["west"] }), { ...parts, bringUp: killed }).catch(() => undefined);
    world.calls.length = 0;
    expect((await failure({ clusters: ["west"], to: {}, rollback: true })).section).to.equal("upgrade-too-late");
    expect(world.calls).to.deep.equal([]);
    const { clusters } = await upgrade({ clusters: ["west"] });
    expect(clusters.map(({ from, to, outcome }) => [from, to, outcome])).to.deep.equal([["1.31.3", "1.31.4", "upgraded"]]);
  });

  it("works in the environment that a program gives", async () => {
    const env = { MESH_HOME: "/home" };
    await upgrade({ env });
    expect(world.environments).to.deep.equal([env]);
  });

  it("refuses a rollback of nothing, another version during an upgrade, and a cluster that does not exist", async () => {
    expect((await failure({ rollback: true, to: {} })).section).to.equal("upgrade-not-begun");
    world.red = [3, 4, 5];
    await failure({ clusters: ["west"] });
    const before = world.text;
    world.calls.length = 0;
    // The first cluster, north, could be upgraded.
    expect((await failure({ to: { version: "1.31.5" } })).section).to.equal("upgrade-under-way");
    expect([world.calls, world.text]).to.deep.equal([[], before]);
    expect((await failure({ clusters: ["east"] })).section).to.equal("cluster-unknown");
  });

  it("refuses a version that does not serve the cluster's proxies, before anything is changed", async () => {
    world.proxyVersion = "1.29.9";
    const before = world.text;
    const error = await failure();
    expect(error.section).to.equal("upgrade-proxies-too-old");
    expect(error.message).to.include("web-1.shop (1.29.9)");
    expect([world.calls, world.text]).to.deep.equal([[], before]);
  });

  it("refuses workloads whose rollout would not end, before anything is changed", async () => {
    world.held = ["shop: deployment web is paused"];
    const before = world.text;
    const error = await failure();
    expect(error).to.include({ section: "upgrade-workload-held" }).and.to.have.property("message").that.includes("cluster north: shop: deployment web is paused; nothing was changed");
    expect([world.calls, world.text]).to.deep.equal([[], before]);
  });

  it("refuses what a rule forbids and what is wrong, before anything is changed", async () => {
    const before = world.text;
    expect((await failure({ to: { version: "1.31.2" } })).section).to.equal("istio-downgrade");
    expect((await failure({ to: { version: "1.30.4" } })).section, "whose proxies are newer too").to.equal("istio-downgrade");
    expect((await failure({ to: { version: "1.31.4", tag: "1.31.2" } })).section).to.equal("wrong-settings");
    expect([world.calls, world.text]).to.deep.equal([[], before]);
    const raised = (world.text = world.text.replace("istio: {version: 1.31.3}", "istio: {version: 1.31.2}"));
    expect((await failure({ to: {} })).section, "raised in the settings").to.equal("istio-downgrade");
    expect([world.calls, world.text]).to.deep.equal([[], raised]);
    world.text = before.replace("istio: {version: 1.31.3}", "istio: {version: 1.31.3, charts: charts}");
    world.apply();
    expect((await failure()).section).to.equal("upgrade-charts-folder");
    expect(world.calls).to.deep.equal([]);
  });

  it("writes the installed version of another cluster down, instead of replacing its Istio in place", async () => {
    world.text = world.text.replace("istio: {version: 1.31.3}", "istio: {version: 1.31.4}");
    await upgrade({ to: {}, clusters: ["west"] });
    expect([world.istio("west").version, world.istio("north").version]).to.deep.equal(["1.31.4", "1.31.3"]);
    expect(world.pulumi.exported.get("west")).to.have.nested.property("clusters.north.versions.istio", "1.31.3");
  });

  it("says when its settings have no effect, instead of repeating itself", async () => {
    const parts = world.parts();
    const fixed = world.model();
    const error = await runUpgrade(["west"], options(), { ...parts, readStacks: () => [fixed] }).catch((thrown: MeshError) => thrown);
    expect(error).to.include({ section: "upgrade-settings-elsewhere" });
  });

  it("ends when pods keep their proxy after a restart", async () => {
    const parts = world.parts();
    const error = await runUpgrade(["west"], options({ clusters: ["west"] }), { ...parts, restartWorkloads: async () => [] }).catch((thrown: MeshError) => thrown);
    expect(error).to.include({ section: "upgrade-rollout-stuck" });
  });
});
