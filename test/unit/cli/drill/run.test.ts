import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { drillReport } from "../../../../cli/drill/report";
import { runDrill, type RunOptions, type RunParts } from "../../../../cli/drill/run";
import type { Session } from "../../../../cli/lib/session";
import { EXIT, MeshError } from "../../../../lib/errors";
import { folderForEach } from "../support/folder";
import { outputsOf } from "../support/outputs";
import { FakeClock } from "./support/fake-clock";
import { foundFor, taken } from "./support/report";

const context = (key: string): string =>
  JSON.stringify({
    "current-context": `kind-${key}`,
    contexts: [{ name: `kind-${key}`, context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: "https://192.0.2.1:6443" } }],
    users: [{ name: "u", user: {} }],
  });

describe("a drill", () => {
  const folder = folderForEach();
  let done: string[];
  beforeEach(() => (done = []));
  const file = (): string => path.join(folder(), "drill.json");

  const parts = (change: Partial<RunParts> = {}): RunParts => ({
    outputsOfStacks: (async (stacks: readonly string[]) => ({
      session: { mesh: { home: folder() }, env: { PATH: "" } } as unknown as Session,
      outputs: stacks.map((key) => ({ ...outputsOf([key], []), kubeconfigs: { [key]: context(key) } })),
    })) as RunParts["outputsOfStacks"],
    removeLeftovers: async ({ target }, mine) => {
      done.push(`look in ${target.key} for ${mine ?? "none of mine"}`);
      return false;
    },
    drillPair: async ({ pair }, { run }) => {
      done.push(`drill ${pair.from.target.key} ${pair.to.target.key}`);
      expect(JSON.parse(fs.readFileSync(file(), "utf8"))).to.include({ run, pid: process.pid });
      return foundFor({ errors: { off: taken() } });
    },
    canAsk: () => true,
    askYes: async () => {
      done.push("ask");
      return true;
    },
    warn: (line) => void done.push(`warn ${line}`),
    say: (line) => void done.push(`say ${line.slice(0, 9)}`),
    clock: new FakeClock(),
    ...change,
  });
  const options = (change: Partial<RunOptions> = {}): RunOptions => ({
    pairs: [],
    failures: ["errors"],
    retries: ["off"],
    rate: 50,
    yes: false,
    signal: new AbortController().signal,
    progress: () => undefined,
    ...change,
  });
  const run = (change: Partial<RunOptions> = {}, other: Partial<RunParts> = {}) => runDrill(["west", "east"], options(change), parts(other));
  const errorOf = async (work: Promise<unknown>): Promise<MeshError | undefined> => work.then(() => undefined, (error: MeshError) => error);
  const steps = (): string[] => done.filter((line) => !line.startsWith("say"));

  it("looks for leftovers, says what it will do, asks, and drills every ordered pair", async () => {
    const report = await run();
    expect(steps()).to.deep.equal(["look in west for none of mine", "look in east for none of mine", "ask", "drill west east", "drill east west"]);
    expect(done.indexOf("say the drill")).to.be.within(0, done.indexOf("ask"));
    expect([report.pairs.length, report.exitCode]).to.deep.equal([2, 0]);
  });

  it("reports each direction by itself, with every failure, in the JSON of one run", async () => {
    const drillPair: RunParts["drillPair"] = async ({ pair }, { failures, retries }) => ({
      pair: { from: pair.from.target.key, to: pair.to.target.key },
      results: failures.map((failure) => ({ failure, outcomes: new Map(retries.map((stream) => [stream, taken()])) })),
    });
    const report = drillReport.parse(JSON.parse(JSON.stringify(await run({ failures: ["errors", "no-replica"], retries: ["off", "on"] }, { drillPair }))));
    expect(report.pairs.map(({ from, to, results }) => [from, to, results.map(({ failure, retries }) => `${failure} ${retries}`)])).to.deep.equal([
      ["west", "east", ["errors off", "errors on", "no-replica off", "no-replica on"]],
      ["east", "west", ["errors off", "errors on", "no-replica off", "no-replica on"]],
    ]);
    expect(report.pairs.map(({ results: [first] }) => first).map((first) => first && "home" in first && [first.home, first.elsewhere])).to.deep.equal([
      ["west", "east"],
      ["east", "west"],
    ]);
  });

  const notStarted: RunParts["drillPair"] = async ({ pair }) => {
    const { key } = pair.from.target;
    done.push(`drill ${key}`);
    if (key === "west") throw new MeshError("drill-not-started", "west: the drill's pods are not ready after 90 s", "look there");
    return { pair: { from: "east", to: "west" }, results: [{ failure: "errors", outcomes: new Map([["off", taken()]]) }] };
  };

  it("goes on with the other pairs when the workloads of one do not start, and says of that one that nothing is known", async () => {
    const report = await run({ failures: ["errors", "paused-node"] }, { drillPair: notStarted });
    expect(steps().filter((line) => line.startsWith("drill"))).to.deep.equal(["drill west", "drill east"]);
    expect(done.find((line) => line.startsWith("warn"))).to.match(/^warn west: the drill's pods are not ready after 90 s\n +look there\n/);
    expect(report.pairs.map(({ from, results }) => [from, ...results.map(({ failure, status }) => `${failure} ${status}`)])).to.deep.equal([
      ["west", "errors unknown", "paused-node unknown"],
      ["east", "errors survived"],
    ]);
    expect(report.exitCode).to.equal(1);
  });

  it("ends with the reason when the workloads of the only pair do not start", async () => {
    const error = await errorOf(run({ pairs: [{ from: "west", to: "east" }] }, { drillPair: notStarted }));
    expect(error).to.include({ section: "drill-not-started" });
    expect(fs.existsSync(file())).to.equal(false);
  });

  it("ends, also with other pairs to come, when something else goes wrong", async () => {
    const wrong = new MeshError("drill-not-repaired", "east is still paused");
    expect(await errorOf(run({}, { drillPair: () => Promise.reject(wrong) }))).to.equal(wrong);
  });

  it("drills the pairs that were named alone", async () => {
    await run({ pairs: [{ from: "east", to: "west" }] });
    expect(steps().slice(3)).to.deep.equal(["drill east west"]);
  });

  it("says what it will do and does not ask with --yes", async () => {
    await run({ yes: true });
    expect(done).to.include("say the drill").and.not.include("ask");
  });

  it("changes nothing when the user does not agree", async () => {
    const error = await errorOf(run({}, { askYes: async () => false }));
    expect(error).to.include({ message: "nothing was done", exitCode: EXIT.unusable });
    expect(steps().some((line) => line.startsWith("drill"))).to.equal(false);
  });

  it("changes nothing where there is nobody to ask", async () => {
    const error = await errorOf(run({}, { canAsk: () => false }));
    expect(error?.exitCode).to.equal(EXIT.unusable);
    expect(error?.hint).to.contain("--yes");
    expect(steps().some((line) => line.startsWith("drill"))).to.equal(false);
  });

  it("refuses a pair that there is not, before it looks at any cluster", async () => {
    expect((await errorOf(run({ pairs: [{ from: "west", to: "north" }] })))?.message).to.contain('no cluster "north"');
    expect(done).to.deep.equal([]);
  });

  it("leaves no record when it ends, well or not", async () => {
    await run();
    expect(fs.existsSync(file())).to.equal(false);
    await errorOf(run({}, { drillPair: () => Promise.reject(new Error("no")) }));
    expect(fs.existsSync(file())).to.equal(false);
  });

  it("reports what is left, drills no other pair, and keeps the record for the next run", async () => {
    const drillPair: RunParts["drillPair"] = async (site, { left }) => {
      done.push(`drill ${site.pair.from.target.key}`);
      left("west: still there");
      return foundFor({ errors: { off: taken() } });
    };
    const report = await run({}, { drillPair });
    expect(steps().slice(3)).to.deep.equal(["drill west", "warn west: still there"]);
    expect([report.left, report.exitCode, report.pairs.length]).to.deep.equal([["west: still there"], 1, 1]);
    expect(fs.existsSync(file())).to.equal(true);
  });

  it("keeps the record also when something is left of a run that failed", async () => {
    const drillPair: RunParts["drillPair"] = async (_site, { left }) => {
      left("west: still there");
      throw new Error("no");
    };
    await errorOf(run({}, { drillPair }));
    expect(fs.existsSync(file())).to.equal(true);
  });

  it("looks for what an earlier run of this user left, by that run's id", async () => {
    fs.writeFileSync(file(), JSON.stringify({ version: 1, run: "earlier", pid: 2 ** 30, repairs: [] }));
    await run();
    expect(steps().slice(0, 2)).to.deep.equal(["look in west for earlier", "look in east for earlier"]);
  });

  it("keeps the earlier run's record when its leftovers cannot be removed", async () => {
    const left = { version: 1, run: "earlier", pid: 2 ** 30, repairs: [{ what: "unpause", containers: ["west-control-plane"] }] };
    fs.writeFileSync(file(), JSON.stringify(left));
    // There is no docker on this PATH.
    expect((await errorOf(run()))?.message).to.contain("docker was not found");
    expect(JSON.parse(fs.readFileSync(file(), "utf8"))).to.deep.include({ run: "earlier", repairs: left.repairs });
    expect(done.filter((line) => line.startsWith("look"))).to.deep.equal([]);
  });
});
