import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { interruption } from "../../../../airgap/builder/errors";
import { endLeftovers, noteGroup } from "../../../../airgap/builder/leftovers";
import { takeLock } from "../../../../airgap/builder/lock";
import { plainReporter } from "../../../../airgap/builder/plain-reporter";
import { TYPESCRIPT } from "../../../../tools/test/parts";
import { failure, fileStep, holderSilentFor, runs, World } from "../../../unit/airgap/builder/support/world";

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("the air-gap lock", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  it("makes a second run wait, which says so and then finds everything ready", async () => {
    const other = new World();
    let second: Promise<string[]> | undefined;
    const slow = fileStep("slow", {
      async build(context) {
        // The second run begins when the first one holds the lock, and the first one continues when the second one waits.
        await new Promise<void>((resolve) => {
          const said = (line: string): void => {
            other.said.push(line);
            resolve();
          };
          second = other.build([slow], { paths: world.paths, repository: world.repository, reporter: plainReporter(said) });
        });
        await fileStep("slow").build(context);
      },
    });
    expect(await world.build([slow])).to.deep.equal(["slow"]);
    expect(await second).to.deep.equal([]);
    expect(other.said).to.deep.equal([`Another air-gap build (process ${process.pid}) is running; waiting for it to end`]);
    other.remove();
  });

  it("is taken over from a run that was killed, after less silence than a holder that may be asleep is given", async () => {
    const holder = spawn(process.execPath, [
      ...["--require", TYPESCRIPT, "--eval"],
      `const { takeLock } = require(${JSON.stringify(require.resolve("../../../../airgap/builder/lock"))});
       const { airgapPaths } = require(${JSON.stringify(require.resolve("../../../../airgap/builder/paths"))});
       takeLock(airgapPaths(${JSON.stringify(world.paths.home)}), { say() {}, onLost() {} }).then(() => console.log("held"));
       setInterval(() => {}, 1000);`,
    ]);
    await once(holder.stdout, "data");
    holder.kill("SIGKILL");
    await once(holder, "close");
    const said: string[] = [];
    const say = (line: string): void => {
      said.push(line);
      // As if the time had passed that a holder which has ended is given: one that may be asleep is given four times as much.
      holderSilentFor(world.paths, 2.5);
    };
    const signal = AbortSignal.timeout(5000);
    const release = await takeLock(world.paths, { say, onLost: () => undefined, signal });
    expect(said).to.deep.equal([`The build that held the lock (process ${holder.pid}) ended without releasing it; taking it over`]);
    await release();
  }).timeout(30_000);

  it("can be waited for until an interruption", async () => {
    const release = await takeLock(world.paths, { say: () => undefined, onLost: () => undefined });
    const controller = new AbortController();
    setTimeout(() => controller.abort(interruption()), 50);
    const error = await failure(takeLock(world.paths, { say: () => undefined, onLost: () => undefined, signal: controller.signal }));
    expect(error.message).to.include("interrupted");
    await release();
  });

  it("stops a build that lost it", async () => {
    const slow = fileStep("slow", {
      async build({ run, paths }) {
        fs.rmdirSync(path.join(paths.home, "lock"));
        await run("sleep", ["20"]);
      },
    });
    const error = await failure(world.build([slow], { staleMs: 2000 }));
    expect(error.message).to.include("another air-gap build took over");
  });
});

describe("commands that a killed run left behind", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  it("are ended with all that they started", async () => {
    const pidFile = path.join(world.folder, "pid");
    const group = spawn("sh", ["-c", `sleep 60 & echo $! > ${pidFile}; wait`], { detached: true, stdio: "ignore" });
    const closed = once(group, "close");
    while (!fs.existsSync(pidFile) || !fs.readFileSync(pidFile, "utf8").trim()) await wait(20);
    noteGroup(world.paths, group.pid ?? 0);
    expect(await endLeftovers(world.paths)).to.equal(1);
    await closed;
    expect(runs(Number(fs.readFileSync(pidFile, "utf8")))).to.equal(false);
    expect(await endLeftovers(world.paths)).to.equal(0);
  });

  it("are left alone when another process has their id by now", async () => {
    const stranger = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    noteGroup(world.paths, stranger.pid ?? 0);
    const note = path.join(world.paths.home, "running", String(stranger.pid));
    fs.writeFileSync(note, fs.readFileSync(note, "utf8").replace(/\d+$/, "1"));
    expect(await endLeftovers(world.paths)).to.equal(0);
    expect(runs(stranger.pid ?? 0)).to.equal(true);
    stranger.kill("SIGKILL");
  });
});
