import { expect } from "chai";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { done, type Outcome } from "../support/events";
import { Greetings } from "../support/greetings";
import { airgapBinary } from "../support/home";
import { processes, processesIn } from "../support/processes";

describe("helm releases of an interrupted run", function () {
  this.timeout(180_000);
  let greetings: Greetings;

  before(async () => {
    greetings = await Greetings.open();
  });
  after(() => greetings.server.stop());
  afterEach(async function () {
    await greetings.end({ purge: this.currentTest?.state === "failed" });
    // What a killed plugin left is removed by the next one, and each of these tests ends with one that was not killed.
    expect(await abandonedFolders(), "private files left behind").to.eql([]);
  });

  /** Starts an `up` that waits for pods which will never be ready, and returns once Helm is at that revision. */
  const underway = async (name: string, revision: string): Promise<{ up: Promise<Outcome>; abort: AbortController }> => {
    const abort = new AbortController();
    const up = greetings.project.up({ fails: true, signal: abort.signal });
    await until(async () => (await greetings.history(name).catch((): string[] => [])).includes(revision));
    return { up, abort };
  };
  /** Kills every process of the project that `which` picks, and gives back the stack's lock. */
  const kill = async (up: Promise<Outcome>, which: (command: string) => boolean) => {
    const victims = (await processesIn(greetings.project.folder)).filter(({ command }) => which(command));
    // All stand still before the first one dies: a plugin that sees its engine gone would end Helm.
    for (const signal of ["SIGSTOP", "SIGKILL"] as const) victims.forEach(({ pid }) => process.kill(pid, signal));
    await up;
    await greetings.project.pulumi(["cancel", "--yes"]);
  };
  const converges = async (name: string, op: string) => {
    await greetings.write({ name, args: '{ values: { greeting: "hello again" } }' });
    expect(done(await greetings.project.up())).to.eql([`${op} ${name}`]);
    expect(await greetings.greeting(name)).to.equal("hello again");
    expect((await greetings.history(name)).at(-1)).to.match(/deployed$/);
    expect(done(await greetings.project.up())).to.eql([]);
    await greetings.project.destroy();
    expect(await greetings.list()).to.eql([]);
  };
  const stuck = "{ values: { stuck: true } }";

  it("end at once as failed after Ctrl-C, and are upgraded by the next run", async () => {
    await greetings.start({ name: "polite", args: stuck });
    const { up, abort } = await underway("polite", "1 pending-install");
    abort.abort();
    await up;
    expect(await greetings.history("polite")).to.eql(["1 failed"]);
    await converges("polite", "update");
  });

  it("are marked as failed when the engine is killed, and installed anew by the next run", async () => {
    await greetings.start({ name: "orphan", args: stuck });
    const { up } = await underway("orphan", "1 pending-install");
    await kill(up, (command) => command.startsWith(`${airgapBinary("pulumi")}\0`));
    await until(async () => (await greetings.history("orphan"))[0] === "1 failed");
    await converges("orphan", "create");
  });

  it("are installed anew by the next run when engine, plugin and helm were killed", async () => {
    await greetings.start({ name: "killed", args: stuck });
    const { up } = await underway("killed", "1 pending-install");
    await kill(up, () => true);
    expect(await greetings.history("killed")).to.eql(["1 pending-install"]);
    await converges("killed", "create");
  });

  it("are installed anew by the next run when all but helm was killed, which still runs", async () => {
    await greetings.start({ name: "headless", args: stuck });
    const { up } = await underway("headless", "1 pending-install");
    await kill(up, (command) => !command.startsWith(`${airgapBinary("helm")}\0`));
    expect(await processesIn(greetings.project.folder), "helm is still there").to.have.length(1);
    await converges("headless", "create");
    expect(await processesIn(greetings.project.folder), "helm was ended").to.have.length(0);
  });

  it("are upgraded by the next run when all was killed in the middle of an upgrade", async () => {
    await greetings.start({ name: "later" });
    await greetings.project.up();
    await greetings.write({ name: "later", args: stuck });
    const { up } = await underway("later", "2 pending-upgrade");
    await kill(up, () => true);
    await converges("later", "update");
  });

  it("are taken up by the next run when they were installed but nobody could write that down", async () => {
    await greetings.start({ name: "forgotten", args: '{ values: { greeting: "forgotten" } }' });
    const { project } = greetings;
    await project.up();
    const { urn } = await project.resource("forgotten");
    await project.pulumi(["state", "delete", urn, "--yes"]);
    await greetings.write({ name: "forgotten" });
    expect(done(await project.up())).to.eql(["create forgotten"]);
    expect(await greetings.greeting("forgotten"), "as if it were installed anew").to.equal("hello");
    expect((await project.outputs())["forgotten"]).to.include({ revision: 2, status: "deployed" });

    // The new resource takes the release over, so deleting the old one must not take it away.
    await project.up({ args: ["--replace", urn] });
    expect((await project.outputs())["forgotten"]).to.include({ revision: 3, status: "deployed" });
    expect(await greetings.history("forgotten")).to.eql(["1 superseded", "2 superseded", "3 deployed"]);
    await project.destroy();
    expect(await greetings.list()).to.eql([]);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 200));
}

/** Private folders of plugins that do not run any more. */
async function abandonedFolders(): Promise<string[]> {
  const running = new Set((await processes()).map(({ pid }) => pid));
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith("usmesh-helm-"));
  return folders.filter((name) => !running.has(Number.parseInt(name.slice("usmesh-helm-".length), 10)));
}
