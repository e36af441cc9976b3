import { expect } from "chai";
import { buildSync } from "esbuild";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { holderSilentFor, runs, World } from "../unit/airgap/builder/support/world";
import { CONTENT, killableSteps, STALE_MS } from "./support/killable";

/** The killable build as one file of JavaScript: it is run a dozen times, and most of each time was for reading TypeScript. */
let script = "";

/** Runs the killable build. @returns how it ended, and what it said */
async function run(folder: string, killAt: string): Promise<{ signal: string | null; output: string }> {
  const child = spawn(process.execPath, [script, folder, killAt]);
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  return new Promise((resolve) => child.on("close", (_code, signal) => resolve({ signal, output })));
}

/** Kills a build at a point, runs it again in this process, and checks the result. */
async function killAndResume(point: string): Promise<void> {
  const world = new World();
  try {
    const first = await run(world.folder, point);
    expect(first.signal, first.output).to.equal("SIGKILL");
    holderSilentFor(world.paths, 60);
    const steps = killableSteps(world.folder, () => undefined);
    await world.build(steps, { repository: world.folder, staleMs: STALE_MS });
    for (const name of ["one", "two", "three"]) {
      expect(world.read(`bin/${name}`), point).to.equal(CONTENT);
      expect(world.read(`charts/${name}/values.yaml`), point).to.equal(CONTENT);
    }
    expect(await world.states(steps)).to.deep.equal({ one: "ready", two: "ready", three: "ready" });
    const journal = fs.readFileSync(path.join(world.folder, "journal"), "utf8").trim().split("\n");
    const killed = point.split(":")[0] ?? "";
    // What was finished is not built again; only what was being built is.
    const again = point.endsWith(":stamped") ? [] : [killed];
    expect(journal.sort(), point).to.deep.equal(["one", "two", "three", ...again].sort());
    // A run that finds everything ready changes nothing, not even leftovers.
    if (point !== "three:stamped") expect(fs.existsSync(world.paths.scratch), "nothing is left over").to.equal(false);
    expect(runs(Number(fs.readFileSync(path.join(world.folder, "pid"), "utf8"))), "no command is left running").to.equal(false);
  } finally {
    world.remove();
  }
}

describe("an air-gap build that was killed", () => {
  let bundle: string;
  before(() => {
    bundle = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-killable-"));
    script = path.join(bundle, "killable.js");
    const entryPoints = [path.join(__dirname, "support", "killable.ts")];
    buildSync({ entryPoints, outfile: script, bundle: true, platform: "node", target: "node20", logLevel: "error" });
  });
  after(() => fs.rmSync(bundle, { recursive: true }));

  for (const step of ["one", "three"]) {
    it(`continues where it was, at whatever point of step ${step} it was killed`, async () => {
      const points = ["before", "running", "published-one", "published-all", "stamped"];
      await Promise.all(points.map((point) => killAndResume(`${step}:${point}`)));
    }).timeout(120_000);
  }

  it("does not count a partially rebuilt piece as finished", async () => {
    const world = new World();
    await world.build(killableSteps(world.folder, () => undefined), { repository: world.folder });
    // Damaged, so that it is built again with the same hash; killed when one of its two outputs is in place.
    fs.rmSync(path.join(world.paths.home, "bin/two"));
    expect((await run(world.folder, "two:published-one")).signal).to.equal("SIGKILL");
    const steps = killableSteps(world.folder, () => undefined);
    expect(await world.states(steps)).to.deep.equal({ one: "ready", two: "missing", three: "ready" });
    world.remove();
  }).timeout(120_000);
});
