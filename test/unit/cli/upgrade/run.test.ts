import { expect } from "chai";
import { parse } from "yaml";
import type { Session } from "../../../../cli/lib/session";
import type { StackModel } from "../../../../cli/up/order";
import type { Parts, UpgradeOptions } from "../../../../cli/upgrade/parts";
import { upgradeReport, upgradeText } from "../../../../cli/upgrade/report";
import { runUpgrade } from "../../../../cli/upgrade/run";
import type { FollowingProxy } from "../../../../cli/verify/revision-facts";
import type { Target } from "../../../../cli/verify/targets";
import { type MeshError } from "../../../../lib/errors";
import type { MeshOutputs } from "../../../../outputs/contract";
import { parseSettings } from "../../../../settings/config";
import type { ClusterIstio } from "../../../../settings/model";
import { outputsOf } from "../support/outputs";
import { FakePulumi } from "../up/support/fake-pulumi";

const configIn = (text: string): Record<string, unknown> => (parse(text) as { config: Record<string, unknown> }).config;
const EXISTING = "driver: existing, kubeconfig: a.yaml, context: CONTEXT";

/** A stack with west and north that does what it is told, and everything around it. */
class World {
  readonly calls: string[] = [];
  text = `config:\n  usmesh:istio: {version: 1.31.3}\n  usmesh:clusters:\n    north: {${EXISTING.replace("CONTEXT", "n")}}\n    west: {${EXISTING.replace("CONTEXT", "w")}}\n`;
  /** By cluster: the revision of its only pod. */
  readonly pods = new Map([["west", "default"], ["north", "default"]]);
  readonly pulumi = new FakePulumi();
  /** Turns at which the mesh is red, counted from 1. */
  red: number[] = [];
  proxyVersion = "1.31.3";
  readonly environments: (NodeJS.ProcessEnv | undefined)[] = [];
  private checks = 0;

  constructor() {
    this.pulumi.states.set("west", {});
    this.apply();
  }

  model(text: string = this.text): StackModel {
    const config = configIn(text);
    return { stack: "west", model: parseSettings({ clusters: config["usmesh:clusters"], istio: config["usmesh:istio"], client: { enabled: false } }, { stack: "west" }), peers: [] };
  }

  istio(key: string): ClusterIstio {
    return this.model().model.clusters.find((cluster) => cluster.key === key)!.istio;
  }

  apply(): void {
    const outputs = outputsOf(["west", "north"], []);
    const clusters = Object.fromEntries(
      Object.entries(outputs.clusters).map(([key, cluster]): [string, MeshOutputs["clusters"][string]] => {
        const { version, revision, next, placement } = this.istio(key);
        const upgrade = next ? { upgrade: { version: next.version, revision: next.revision, step: next.step } } : {};
        return [key, { ...cluster, versions: { kubernetes: "v1.34.4", istio: version }, ...(placement.tagged ? { istio: { revision, ...upgrade } } : {}) }];
      }),
    );
    this.pulumi.exported.set("west", { ...outputs, clusters });
  }

  parts(): Parts {
    const stacksOf = (text: () => string) => ({
      text,
      config: () => configIn(text()),
      edit: (_stack: string, change: (text: string) => string) => void (this.text = change(this.text)),
      edited: (_stack: string, change: (text: string) => string): unknown => stacksOf(() => change(text())),
    });
    const session = { stacks: stacksOf(() => this.text) } as unknown as Session;
    return {
      openSession: async (_names, env) => (this.environments.push(env), session),
      setUp: async () => undefined,
      pulumiOf: () => this.pulumi,
      readStacks: ({ stacks }) => [this.model((stacks as unknown as ReturnType<typeof stacksOf>).text())],
      bringUp: async () => (this.calls.push("up"), this.apply(), []),
      look: async ({ key }: Target) => {
        const [revision, next] = [this.pods.get(key)!, this.istio(key).placement.injects];
        const behind: FollowingProxy[] = revision === next ? [] : [{ id: "web-1.shop", revision, next }];
        return { behind, proxies: [{ id: "web-1.shop", version: this.proxyVersion, stale: [] }] };
      },
      verify: async () => {
        this.checks += 1;
        const isRed = this.red.includes(this.checks);
        this.calls.push(isRed ? "red" : "green");
        return { exitCode: isRed ? 1 : 0, findings: isRed ? [{ check: "traffic.request", category: "traffic", cluster: "west", peer: "north", status: "fail", seen: "503", docs: "" }] : [] } as never;
      },
      restartWorkloads: async (kube, namespace, pods) => {
        const key = (kube as unknown as { key: string }).key;
        this.calls.push(`restart ${key} ${namespace}/${pods.join()}`);
        this.pods.set(key, this.istio(key).placement.injects);
        return ["deployment web"];
      },
      targetsFromKubeconfigs: () => ["west", "north"].map((key) => ({ key, kube: { key }, kubectl: "", timeoutMs: 1 }) as unknown as Target),
      say: () => undefined,
      now: () => 0,
    };
  }
}

describe("mesh upgrade", () => {
  let world: World;
  beforeEach(() => (world = new World()));

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

  it("changes nothing in a mesh that is not well", async () => {
    world.red = [1, 2, 3];
    const before = world.text;
    const error = await failure();
    expect(error.section).to.equal("upgrade-stopped");
    expect(error.message).to.match(/checks of the mesh fail before anything is changed; nothing more is changed\n {2}traffic\.request west→north: 503/);
    expect([world.calls, world.text]).to.deep.equal([["red", "red", "red"], before]);
  });

  it("checks again what is not well for a moment", async () => {
    world.red = [2, 3];
    expect((await upgrade({ clusters: ["west"] })).clusters[0]?.outcome).to.equal("upgraded");
  });

  it("stops where the mesh is not well, goes on from there, and goes back from there", async () => {
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

  it("restarts nothing in a mesh that is not well", async () => {
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

  it("refuses to go back from nothing, to go elsewhere on the way, and a cluster that does not exist", async () => {
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

  it("refuses what a rule forbids and what is wrong, before anything is changed", async () => {
    const before = world.text;
    expect((await failure({ to: { version: "1.31.2" } })).section).to.equal("istio-downgrade");
    expect((await failure({ to: { version: "1.31.4", tag: "1.31.2" } })).section).to.equal("wrong-settings");
    expect([world.calls, world.text]).to.deep.equal([[], before]);
    const raised = (world.text = world.text.replace("istio: {version: 1.31.3}", "istio: {version: 1.31.2}"));
    expect((await failure({ to: {} })).section, "raised in the settings").to.equal("istio-downgrade");
    expect([world.calls, world.text]).to.deep.equal([[], raised]);
  });

  it("says when its settings have no effect, instead of going round", async () => {
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
