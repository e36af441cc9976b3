import { expect } from "chai";
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { ApiServer } from "../../../lib/api-server";
import { HelmStorage, newestRevisions, type HelmStatus } from "../../../lib/helm-storage";
import { keepOutput } from "../../support/output";
import { inSteps } from "../../support/steps";
import { until } from "../../support/wait";
import { done } from "../../integration/support/events";
import { expectNothingLeft } from "../../integration/program/support/objects";
import { openSite, type Ended, type Site } from "../../integration/program/support/site";

const REPOSITORY = resolve(__dirname, "../../..");

describe("a run that is killed while Helm is at work", function () {
  inSteps(this);
  let site: Site;
  let storage: HelmStorage;

  before(async () => {
    site = await openSite(["west"]);
    settings("1");
    storage = new HelmStorage(await ApiServer.of(site.server("west").kubeconfig, 5000));
  });
  after(() => site.close());

  /** Istio's tag is among the values of istiod: another one is an upgrade. */
  function settings(tag: string): void {
    site.configure("west", ["west"], { istio: { charts: site.charts, hub: "pretence", tag } });
  }

  async function statuses(): Promise<string[]> {
    return newestRevisions(await storage.revisions()).map(({ release, status }) => `${release}: ${status}`).sort();
  }

  /** Starts `./mesh` and kills it with all that it started once a release of that name stands so. */
  async function killWhen(status: HelmStatus, release: string, ...args: string[]): Promise<void> {
    const child = spawn("./mesh", args, { cwd: REPOSITORY, env: site.env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const said = keepOutput(child);
    let over = false;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve())).then(() => (over = true));
    const hasCome = async (): Promise<boolean> => over || (await statuses()).includes(`${release}: ${status}`);
    await until(`${release} to be ${status}`, hasCome, { timeoutMs: 10 * 60_000, intervalMs: 10, seen: said });
    if (over || child.pid === undefined) throw new Error(`./mesh ${args.join(" ")} ended before ${release} was ${status}:\n${said()}`);
    // A group of its own: the command, the engine, the plugins.
    process.kill(-child.pid, "SIGKILL");
    for (const pid of site.processIds()) process.kill(pid, "SIGKILL");
    await ended;
    expect(await statuses(), "what the kill left").to.include(`${release}: ${status}`);
  }

  async function expectWhole(): Promise<void> {
    expect(await statuses()).to.deep.equal(["istio-base: deployed", "istio-eastwestgateway: deployed", "istio-ingressgateway: deployed", "istiod: deployed"]);
    const state = JSON.parse(await site.state("west")) as { deployment: { pending_operations?: unknown[]; resources: { initErrors?: unknown }[] } };
    expect(state.deployment.pending_operations ?? []).to.deep.equal([]);
    expect(state.deployment.resources.filter(({ initErrors }) => initErrors !== undefined)).to.deep.equal([]);
    expect(done(await site.pulumi("up", "west"))).to.deep.equal([]);
  }

  /** Plain `pulumi up`, after its lock was removed as Pulumi says; it may fail. */
  async function plainUp(): Promise<Ended> {
    await site.pulumiEnds("cancel", "--yes", "--stack", "west");
    return site.pulumiEnds("up", "--yes", "--skip-preview", "--stack", "west", "--config-file", `${site.home}/config/Pulumi.west.yaml`);
  }

  it("continues an install with the same command", async () => {
    await killWhen("pending-install", "istiod", "up", "west");
    await site.meshDoes("up", "west");
    await expectWhole();
  });

  it("continues an upgrade with the same command", async () => {
    settings("2");
    await killWhen("pending-upgrade", "istiod", "up", "west");
    await site.meshDoes("up", "west");
    await expectWhole();
  });

  it("rolls back an upgrade that is no longer wanted", async () => {
    settings("3");
    await killWhen("pending-upgrade", "istiod", "up", "west");
    settings("2");
    await site.meshDoes("up", "west");
    await expectWhole();
  });

  it("under plain pulumi fails, and names the command that continues", async () => {
    settings("4");
    await killWhen("pending-upgrade", "istiod", "up", "west");
    const { code, stdout, stderr } = await plainUp();
    expect(code).not.to.equal(0);
    expect(stdout + stderr).to.include("istiod in namespace istio-system is pending-upgrade").and.to.include("./mesh up west");
    await site.meshDoes("up", "west");
    await expectWhole();
  });

  it("continues an uninstall, and comes up again afterwards", async () => {
    await killWhen("uninstalling", "istiod", "down", "--yes", "west");
    await site.meshDoes("up", "west");
    await expectWhole();
  });

  it("is taken down after an uninstall that was interrupted, and leaves nothing", async () => {
    await killWhen("uninstalling", "istiod", "down", "--yes", "west");
    await site.meshDoes("down", "--yes", "west");
    expect(await statuses()).to.deep.equal([]);
    await expectNothingLeft(site.server("west"));
  });

  it("under plain pulumi continues an install by itself", async () => {
    await killWhen("pending-install", "istiod", "up", "west");
    const { code, stdout, stderr } = await plainUp();
    expect(code, stdout + stderr).to.equal(0);
    expect(new Set((await statuses()).map((line) => line.split(": ")[1]))).to.deep.equal(new Set(["deployed"]));
  });

  it("does not treat as unfinished what plain pulumi has finished", async () => {
    // Pulumi keeps the note of the interrupted creation.
    await site.meshDoes("up", "west");
    await expectWhole();
  });

  it("is taken down after an install that was interrupted, and leaves nothing", async () => {
    await site.meshDoes("down", "--yes", "west");
    await killWhen("pending-install", "istio-ingressgateway", "up", "west");
    await site.meshDoes("down", "--yes", "west");
    expect(await statuses()).to.deep.equal([]);
    await expectNothingLeft(site.server("west"));
  });
});
