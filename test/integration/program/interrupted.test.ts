import { expect } from "chai";
import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { keepOutput } from "../../support/output";
import { inSteps } from "../../support/steps";
import { until } from "../../support/wait";
import { done } from "../support/events";
import { expectNothingLeft } from "./support/objects";
import { openSite, type Site } from "./support/site";

/** An `up` may take long on a busy machine; a moment of it may be short. */
const WAIT = { timeoutMs: 240_000, intervalMs: 20 } as const;

/** Moments of an `up`, by what the state says has been recorded. */
const MOMENTS = [1, 15, 25] as const;

describe("a run that is interrupted", function () {
  inSteps(this);
  let site: Site;

  before(async () => {
    site = await openSite(["west"]);
    site.configure("west", ["west"]);
  });
  after(() => site.close());

  const locks = (): string => join(site.home, "state", ".pulumi", "locks", "organization", "usmesh", "west");
  const holder = (): number | undefined => {
    try {
      const file = readdirSync(locks()).find((name) => name.endsWith(".json"));
      return file === undefined ? undefined : (JSON.parse(readFileSync(join(locks(), file), "utf8")) as { pid: number }).pid;
    } catch {
      return undefined;
    }
  };
  const recorded = (): number => {
    try {
      const state = readFileSync(join(site.home, "state", ".pulumi", "stacks", "usmesh", "west.json"), "utf8");
      return (JSON.parse(state) as { checkpoint: { latest?: { resources?: unknown[] } } }).checkpoint.latest?.resources?.length ?? 0;
    } catch {
      return 0;
    }
  };
  /** Starts an `up` and kills the engine once so much is recorded. */
  async function upKilledAt(resources: number): Promise<number | null> {
    const child = spawn("./mesh", ["up", "west"], { env: site.env, stdio: ["ignore", "pipe", "pipe"] });
    const said = keepOutput(child);
    let over = false;
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve)).finally(() => (over = true));
    const seen = (): string => `${recorded()} resources, engine ${holder() ?? "none"}\n${said()}`;
    await until(`./mesh up to record ${resources} resources`, () => over || (holder() !== undefined && recorded() >= resources), { ...WAIT, seen });
    const engine = holder();
    if (over || engine === undefined) throw new Error(`up ended with ${await ended} before ${resources} resources were recorded:\n${said()}`);
    process.kill(engine, "SIGKILL");
    return ended;
  }

  it("can be taken down after an interruption", async () => {
    await upKilledAt(20);
    await site.meshDoes("down", "--yes", "west");
    await expectNothingLeft(site.server("west"));
  });

  for (const moment of MOMENTS) {
    it(`continues after ${moment} resources, with the same command`, async () => {
      expect(await upKilledAt(moment)).to.equal(1);
      expect(holder(), "the lock that it left").to.be.a("number");
    });
  }

  it("ends like one that was never interrupted, with nothing pending", async () => {
    const { code, stderr, stdout } = await site.mesh("up", "west");
    expect(code, stderr + stdout).to.equal(0);
    expect(stderr).to.contain("no longer running").and.to.contain("continuing from there");
    const state = JSON.parse(await site.state("west")) as { deployment: { resources: { urn: string; delete?: boolean }[]; pending_operations?: unknown[] } };
    expect(state.deployment.pending_operations ?? []).to.deep.equal([]);
    const urns = state.deployment.resources.map(({ urn }) => urn);
    expect(new Set(urns).size).to.equal(urns.length);
    expect(done(await site.pulumi("up", "west"))).to.deep.equal([]);
  });

  it("leaves no process running", async () => {
    // What was told to end takes a moment on a busy machine.
    await until("everything to end", () => site.processes().length === 0, { seen: () => site.processes() });
  });

  it("refuses a second run, which says who holds the lock", async () => {
    site.configure("west", ["west"], { istio: { charts: site.charts, hub: "pretence", tag: "2" } });
    const first = site.mesh("up", "west");
    await until("the first one to hold the lock", holder, WAIT);
    const second = await site.mesh("up", "west");
    expect(second.code).to.equal(2);
    expect(second.stderr).to.match(/stack west is being worked on by \S+@\S+ \(process \d+\)/);
    expect((await first).code).to.equal(0);
  });
});
