import { expect } from "chai";
import { parse } from "yaml";
import type { UpgradeOptions } from "../../../../cli/upgrade/parts";
import { runUpgrade } from "../../../../cli/upgrade/run";
import type { MeshError } from "../../../../lib/errors";
import { World } from "./support/world";

describe("an upgrade in a stack whose settings were changed since its last up", () => {
  let world: World;
  beforeEach(() => (world = new World()));
  afterEach(() => expect(world.replaced, "replaced in place").to.deep.equal([]));

  const upgrade = (change: Partial<UpgradeOptions> = {}) => runUpgrade(["west"], { to: {}, clusters: [], first: [], rollback: false, signal: new AbortController().signal, ...change }, world.parts());
  const failure = (change?: Partial<UpgradeOptions>): Promise<MeshError> => upgrade(change).then(() => expect.fail("it did not fail"), (error: MeshError) => error);
  /** The stack's settings of Istio. */
  const ofStack = (istio: string): void => void (world.text = world.text.replace(/usmesh:istio: ?\{.*?\}/s, `usmesh:istio: {${istio}}`));
  /** The own settings of Istio of a cluster that has none. */
  const ofCluster = (key: string, istio: string): void => void (world.text = world.text.replace(`${key}: {`, `${key}: {istio: {${istio}}, `));
  const installed = (istio: string): void => (ofStack(istio), world.apply());
  const istioOf = (key: string) => {
    const { version, charts, tag, hub, next } = world.istio(key);
    return JSON.parse(JSON.stringify({ version, charts, tag, hub, next: next?.version })) as object;
  };
  const written = (key: string): unknown => (parse(world.text) as { config: { "usmesh:clusters": Record<string, { istio?: object }> } }).config["usmesh:clusters"][key]?.istio;
  /** Nothing is done and written. */
  const refused = async (message: RegExp, change?: Partial<UpgradeOptions>): Promise<void> => {
    const before = world.text;
    const error = await failure(change);
    expect(error).to.include({ section: "upgrade-in-place" });
    expect(`${error.message}\n${error.hint}`).to.match(message);
    expect([world.calls, world.text]).to.deep.equal([[], before]);
  };

  it("takes the stack's version, tag and charts, raised together, and keeps those that are installed until then", async () => {
    installed("version: 1.31.3, tag: 1.31.3, charts: old, hub: example.org/a");
    for (const patch of [4, 5]) {
      ofStack(`version: 1.31.${patch}, tag: 1.31.${patch}, charts: charts-${patch}, hub: example.org/a`);
      expect((await upgrade()).clusters.map(({ cluster, to, outcome }) => [cluster, to, outcome])).to.deep.equal([["north", `1.31.${patch}`, "upgraded"], ["west", `1.31.${patch}`, "upgraded"]]);
      for (const key of ["west", "north"]) expect(istioOf(key)).to.deep.equal({ version: `1.31.${patch}`, tag: `1.31.${patch}`, charts: `charts-${patch}`, hub: "example.org/a" });
    }
  });

  it("writes down what is installed in a cluster that is not upgraded, which a later upgrade takes to what the stack has", async () => {
    installed("version: 1.31.3, tag: 1.31.3, charts: old");
    ofStack("version: 1.31.4, tag: 1.31.4, charts: new");
    await upgrade({ clusters: ["west"] });
    expect(written("north")).to.deep.equal({ version: "1.31.3", tag: "1.31.3", charts: "old" });
    await upgrade();
    expect(istioOf("north")).to.deep.equal({ version: "1.31.4", tag: "1.31.4", charts: "new" });
  });

  it("upgrades all clusters to another tag, hub or folder of charts of the same version", async () => {
    installed("version: 1.31.3, tag: fix-1, charts: old, hub: example.org/a");
    ofStack("version: 1.31.3, tag: fix-2, charts: new, hub: example.org/b");
    world.red = [3, 4, 5];
    expect((await failure()).section).to.equal("upgrade-stopped");
    world.red = [];
    await upgrade();
    for (const key of ["west", "north"]) expect(istioOf(key)).to.deep.equal({ version: "1.31.3", tag: "fix-2", charts: "new", hub: "example.org/b" });
  });

  for (const [what, from, to] of [["tag", "fix-1", "fix-2"], ["charts", "old", "new"], ["hub", "example.org/a", "example.org/b"]] as const) {
    it(`refuses to upgrade one cluster alone where another ${what} of the same version would be applied to the others`, async () => {
      installed(`version: 1.31.3, ${what}: ${from}`);
      ofStack(`version: 1.31.3, ${what}: ${to}`);
      await refused(new RegExp(`cluster north: its settings ask for ${what} ${from} → ${to}, which the up for west would do in place; nothing was changed\\nUpgrade north with the same command`), { clusters: ["west"] });
    });
  }

  it("refuses where a cluster's own settings were raised, and the command does not upgrade that cluster", async () => {
    ofCluster("north", "version: 1.31.4");
    await refused(/cluster north: its settings ask for version 1\.31\.3 → 1\.31\.4, which the up for west/, { clusters: ["west"], to: { version: "1.31.5" } });
  });

  it("refuses so as well where something would be forgotten: a tag of the cluster's own, and a hub, which belongs to no version", async () => {
    installed("version: 1.31.3, hub: example.org/a");
    const before = world.text;
    ofStack("version: 1.31.4, hub: example.org/b");
    await refused(/cluster north: its settings ask for version 1\.31\.3 → 1\.31\.4, hub example\.org\/a → example\.org\/b/, { clusters: ["west"] });
    world.text = before;
    ofCluster("north", "tag: fix-1");
    world.apply();
    ofStack("version: 1.31.4, hub: example.org/a");
    world.text = world.text.replace("fix-1", "fix-2");
    await refused(/cluster north: its settings ask for version 1\.31\.3 → 1\.31\.4, tag fix-1 → fix-2/, { clusters: ["west"] });
  });

  it("leaves a cluster alone that has images of its own, and the stack's version", async () => {
    ofCluster("north", "tag: own");
    installed("version: 1.31.3, tag: fix-1");
    ofCluster("west", "version: 1.31.4");
    const report = await upgrade();
    expect(report.clusters.map(({ cluster, outcome }) => [cluster, outcome])).to.deep.equal([["north", "unchanged"], ["west", "upgraded"]]);
    expect(istioOf("north")).to.deep.equal({ version: "1.31.3", tag: "own" });
  });

  it("says what an up does in other clusters", async () => {
    ofCluster("north", "version: 1.31.4");
    ofCluster("west", "version: 1.31.5");
    const [north, west] = (await upgrade()).clusters.map(({ phases }) => phases.map(({ what }) => what));
    expect(north?.[0]).to.equal("north: istiod 1.31.4 (blue) is installed beside 1.31.3; it serves nothing yet; west: istiod 1.31.5 (blue) is installed beside 1.31.3; it serves nothing yet");
    expect(west?.[0]).to.match(/^west: east-west gateway restarts with Istio 1\.31\.5/);
  });

  it("knows what was written for each cluster, also after it was stopped", async () => {
    installed("version: 1.31.3, tag: old");
    ofCluster("north", "version: 1.31.4");
    ofCluster("west", "version: 1.31.5, tag: fix");
    world.red = [2, 3, 4];
    expect((await failure()).section).to.equal("upgrade-stopped");
    expect([istioOf("north"), istioOf("west")]).to.deep.equal([{ version: "1.31.3", tag: "old", next: "1.31.4" }, { version: "1.31.3", tag: "old", next: "1.31.5" }]);
    world.red = [];
    await upgrade();
    expect([istioOf("north"), istioOf("west")]).to.deep.equal([{ version: "1.31.4", tag: "old" }, { version: "1.31.5", tag: "fix" }]);
  });

  it("refuses other images and charts of an istiod that is in the middle of an upgrade", async () => {
    installed("version: 1.31.3, tag: fix-1");
    world.red = [3, 4, 5];
    await failure({ clusters: ["north"], to: { version: "1.31.4" } });
    world.calls.length = 0;
    world.red = [];
    ofStack("version: 1.31.3, tag: fix-2");
    const message = /cluster north: during its upgrade, the settings have changed tag fix-1 → fix-2 of the istiod of revision default, which an up would do in place; nothing was changed\nSet this back/;
    await refused(message, { clusters: ["north"] });
    ofCluster("west", "tag: fix-1");
    await refused(message, { clusters: ["west"], to: { version: "1.31.4" } });
  });

  it("refuses other images of the new istiod while it serves something, on the way there and back", async () => {
    world.red = [3, 4, 5];
    await failure({ clusters: ["west"], to: { version: "1.31.4", tag: "fix-1" } });
    world.calls.length = 0;
    world.red = [];
    const begun = world.text.replace("fix-1", "fix-2");
    const message = /have changed tag fix-1 → fix-2 of the istiod of revision blue/;
    for (const step of ["eastWest", "beside"]) {
      world.text = begun.replace("step: eastWest", `step: ${step}`);
      await refused(message, { clusters: ["west"], rollback: step === "beside" });
    }
    world.text = begun.replace("step: eastWest", "step: beside").replace("fix-2", "fix-1");
    world.apply();
    world.text = begun;
    await refused(message, { clusters: ["west"] });
  });

  it("lets the new istiod get other images while it serves nothing", async () => {
    world.red = [2, 3, 4];
    await failure({ clusters: ["west"], to: { version: "1.31.4", tag: "broken" } });
    world.red = [];
    world.text = world.text.replace("broken", "repaired");
    await upgrade({ clusters: ["west"] });
    expect(istioOf("west")).to.deep.equal({ version: "1.31.4", tag: "repaired" });
    expect(world.replaced.splice(0)).to.have.length(1).and.to.have.property("0").that.matches(/blue.*broken → repaired in place: istiod restarts at once/);
  });

  it("says how to name what the settings did not have before, or have no longer", async () => {
    ofStack("version: 1.31.4, tag: 1.31.4");
    for (const clusters of [[], ["west"]]) await refused(/cluster (north|west): the settings have istio\.tag "1\.31\.4", and what is installed has none; .*\nRemove istio\.tag from the settings, and name it for the new istiod alone, with --tag\./, { clusters });
    ofStack("version: 1.31.3");
    await upgrade({ to: { version: "1.31.4", tag: "1.31.4" } });
    expect(istioOf("west")).to.deep.equal({ version: "1.31.4", tag: "1.31.4" });

    world = new World();
    installed("version: 1.31.3, hub: example.org/a");
    ofStack("version: 1.31.4");
    await refused(/cluster north: what is installed has istio\.hub "example\.org\/a", and the settings have none; .*\nSet it back for what is installed, and name that of the new istiod with clusters\.north\.istio\.upgrade\.hub\./);
    await refused(/cluster north: what is installed has istio\.hub/, { clusters: ["west"], to: { version: "1.31.4", hub: "example.org/b" } });
    await upgrade({ to: { hub: "example.org/b" } });
    expect(istioOf("west")).to.deep.equal({ version: "1.31.4", hub: "example.org/b" });
  });

  it("says what to do where the outputs do not say with which tag and charts a version was installed", async () => {
    world.recordsSources = false;
    installed("version: 1.31.3, tag: 1.31.3, charts: old");
    ofStack("version: 1.31.4, tag: 1.31.4, charts: new");
    await refused(/the settings have another version and istio\.tag and istio\.charts, and the last up did not record with which Istio 1\.31\.3 was installed; nothing was changed\nSet istio\.version and istio\.tag and istio\.charts back/);
    world.recordsSources = true;
    installed("version: 1.31.3, tag: 1.31.3, charts: old");
    ofStack("version: 1.31.4, tag: 1.31.4, charts: new");
    await upgrade();
    expect(istioOf("west")).to.deep.equal({ version: "1.31.4", tag: "1.31.4", charts: "new" });
  });
});
