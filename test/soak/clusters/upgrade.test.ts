import { expect } from "chai";
import { airgapPaths } from "../../../airgap";
import { olderTags, versions } from "../../../airgap/versions";
import type { UpgradeReport } from "../../../cli/upgrade/report";
import { UPGRADE_STEPS } from "../../../topology/revisions";
import { inSteps } from "../../support/steps";
import { until } from "../../support/wait";
import { Environments, STACKS, type Stack } from "./support/environments";
import { Pairs } from "./support/pairs";

/** The build from which each cluster starts, and the one to which it goes. Both are 1.31: the tags of their images tell them apart. */
const charts = `${airgapPaths().home}/charts-older`;
const NEWER = ["--to", `${versions.istio}.0`, "--charts", airgapPaths().charts, "--tag", versions.istio];

/** Only the air gap has two builds that can be told apart. */
describe("Istio upgraded in three clusters, under a stream of requests for every ordered pair", function () {
  inSteps(this);
  const mesh = new Environments();
  const pairs = new Pairs(mesh, STACKS);
  const times: string[] = [];

  before(async function () {
    const settings = (await mesh.tools())["USMESH_SETTINGS"] ?? "";
    if (!settings.includes(airgapPaths().settings)) this.skip();
  });

  after(async () => {
    process.stdout.write([...pairs.report(), ...times].map((line) => `      ${line}\n`).join(""));
    await pairs.stop();
    await mesh.remove();
  });

  const stepOf = (stack: Stack): unknown => mesh.setting(stack, "usmesh:clusters", stack, "istio", "upgrade", "step");
  const upgrade = async (stack: Stack, ...more: readonly string[]): Promise<UpgradeReport> => {
    const { code, stdout, stderr } = await mesh.mesh("upgrade", stack, ...more, "--json");
    if (code !== 0) throw new Error(`./mesh upgrade ${stack} ended with ${code}:\n${stderr}`);
    return JSON.parse(stdout) as UpgradeReport;
  };
  /** The tags of the images of all proxies and istiods in a cluster, each once. */
  const tagsIn = async (stack: Stack): Promise<string[]> => {
    const images = await mesh.kubectl(stack, `get pods -A -o jsonpath='{range .items[*]}{range .spec.containers[*]}{.image}{"\\n"}{end}{range .spec.initContainers[*]}{.image}{"\\n"}{end}{end}'`);
    return [...new Set(images.split("\n").filter((image) => /\/(pilot|proxyv2):/.test(image)).map((image) => image.slice(image.lastIndexOf(":") + 1)))].sort();
  };
  const istiods = async (stack: Stack): Promise<string> => mesh.kubectl(stack, "-n istio-system get deployments -l app=istiod -o jsonpath='{.items[*].metadata.name}'");
  /** Pods that end keep their proxy for as long as they drain. */
  const expectOnly = async (stack: Stack, tag: string, istiod: string): Promise<void> => {
    await until(`${stack} to have nothing but ${tag}`, async () => (await tagsIn(stack)).join() === tag, { timeoutMs: 120_000, intervalMs: 1000, seen: () => tag });
    expect(await istiods(stack)).to.equal(istiod);
  };
  const killedAt = (stack: Stack, moment: () => Promise<boolean>): Promise<void> => mesh.killed(["upgrade", stack, ...NEWER], moment);

  it("begins with the older build everywhere, on nodes that have both", async () => {
    await mesh.meshDoes("airgap", "build", "image-node-older", "istio-charts-older");
    mesh.north(true);
    mesh.set("west", "peers", ["east", "north"]);
    mesh.set("east", "peers", ["west", "north"]);
    mesh.over({ kind: { image: olderTags.node }, istio: { charts, tag: versions.istioOlder } });
    await mesh.meshDoes("up", ...STACKS);
    expect(await mesh.faults(STACKS)).to.deep.equal([]);
    for (const stack of STACKS) await expectOnly(stack, versions.istioOlder, "istiod");
    await pairs.start();
  });

  it("refuses what a rule forbids, and changes nothing", async () => {
    const { code, stderr } = await mesh.mesh("upgrade", "west", "--to", "1.30.4", "--charts", airgapPaths().charts, "--tag", "any");
    expect(code, stderr).to.equal(2);
    expect(stderr, stderr).to.include("docs/troubleshooting.md#istio-downgrade");
    expect(mesh.setting("west", "usmesh:clusters", "west", "istio")).to.equal(undefined);
  });

  it("upgrades one cluster alone, which stays so for a while", async () => {
    await pairs.during("north alone", async () => {
      const report = await upgrade("north", ...NEWER);
      expect(report.clusters.map(({ outcome, revision }) => [outcome, revision])).to.deep.equal([["upgraded", "blue"]]);
      times.push(...report.clusters.flatMap(({ cluster, phases }) => phases.map(({ what, seconds }) => `${cluster}: ${seconds.toFixed(0)} s: ${what}`)));
      await expectOnly("north", versions.istio, "istiod-blue");
    });
    for (const stack of ["west", "east"] as const) await expectOnly(stack, versions.istioOlder, "istiod");
    expect(await mesh.faults(STACKS)).to.deep.equal([]);
  });

  it("goes back half way", async () => {
    await pairs.during("half way and back in west", async () => {
      await killedAt("west", async () => stepOf("west") === "gateways" && mesh.isLocked("west"));
      const report = await upgrade("west", "--rollback");
      expect(report.clusters.map(({ outcome, revision }) => [outcome, revision])).to.deep.equal([["rolled-back", "default"]]);
      await expectOnly("west", versions.istioOlder, "istiod");
    });
    expect(await mesh.faults(STACKS)).to.deep.equal([]);
  });

  for (const step of UPGRADE_STEPS) {
    it(`continues after everything was killed at the step ${step}`, async () => {
      await pairs.during(`west killed at ${step}`, () => killedAt("west", async () => (step === "beside" ? mesh.setting("west", "usmesh:clusters", "west", "istio", "upgrade") !== undefined : stepOf("west") === step) && mesh.isLocked("west")));
    });
  }

  it("continues after everything was killed while workloads restart, and while the old istiod is removed", async () => {
    const restarts = async (): Promise<boolean> => (await mesh.kubectl("west", "-n soak-pairs get deployment echo-west -o jsonpath='{.spec.template.metadata.annotations}'")).includes("restartedAt");
    await pairs.during("west killed at its restart", () => killedAt("west", restarts));
    await pairs.during("west killed at its end", () => killedAt("west", async () => mesh.setting("west", "usmesh:clusters", "west", "istio", "revision") === "blue" && mesh.isLocked("west")));
    await pairs.during("west to its end", async () => {
      await upgrade("west", ...NEWER);
      await expectOnly("west", versions.istio, "istiod-blue");
    });
  });

  it("upgrades the last one, and then everything is of the newer build", async () => {
    await pairs.during("east", async () => void (await upgrade("east", ...NEWER)));
    for (const stack of STACKS) await expectOnly(stack, versions.istio, "istiod-blue");
    expect(await mesh.faults(STACKS)).to.deep.equal([]);
  });

  it("has nothing left to do", async () => {
    const report = await upgrade("west", ...NEWER);
    expect(report.clusters.map(({ outcome }) => outcome)).to.deep.equal(["unchanged"]);
    const said = await mesh.sh(`pulumi up -s west --config-file "$MESH_HOME/config/Pulumi.west.yaml" --yes --skip-preview --expect-no-changes --non-interactive`);
    expect(said).to.match(/\d+ unchanged/);
  });
});
