import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { parse } from "yaml";
import { loading, phases } from "../../../bench/breakdown";
import { flatGoals, type Size } from "../../../bench/cases/scale";
import { emptyProject } from "../../../bench/lib/empty-program";
import { adoptEnvironment, benchEnvironment } from "../../../bench/lib/environment";
import { EventLog, type EngineEvent, type StampedEvent } from "../../../bench/lib/event-log";
import { execute, succeeded } from "../../../bench/lib/execute";
import { allNames, ours, removals } from "../../../bench/lib/leftovers";
import { syncedRemotes } from "../../../bench/lib/istiod";
import { peakDuring, residentMiB } from "../../../bench/lib/memory";
import { SCRIPT } from "../../../bench/lib/names";
import { unchanged } from "../../../bench/lib/operation";
import { kindSizesFor, sizesFor } from "../../../bench/sizes";
import { isRunning } from "../../../lib/pid-files";

const env = process.env;

describe("a command of the benchmark", () => {
  it("is run to its end, with its output, its code and how long it took", async () => {
    const ended = await execute("sh", ["-c", "cat; echo bad >&2; exit 3"], { env, input: "in" });
    expect(ended).to.include({ code: 3, stdout: "in", stderr: "bad\n" });
    expect(ended.seconds).to.be.greaterThan(0);
    expect(() => succeeded("it", ended)).to.throw("it ended with 3:\nin\nbad");
  });

  it("is interrupted with all that it started, once, and the reason is what the caller sees", async () => {
    const interrupt = new AbortController();
    let pid = 0;
    const running = execute("sh", ["-c", "trap 'echo interrupted; exit 130' INT; sleep 60 & echo $!; wait"], { env, signal: interrupt.signal, started: (id) => (pid = id) });
    while (pid === 0) await pause(5);
    // The shell has to come to its trap.
    await pause(200);
    interrupt.abort(new Error("enough"));
    const ended = await running;
    const [child] = ended.stdout.split("\n");
    expect(ended).to.include({ code: 130 });
    expect(ended.stdout).to.contain("interrupted");
    expect(isRunning(pid)).to.equal(false);
    while (isRunning(Number(child))) await pause(5);
    expect(() => succeeded("it", ended, interrupt.signal)).to.throw("enough");
    await execute("true", [], { env, signal: interrupt.signal }).then(
      () => expect.fail("it ran"),
      (error: Error) => expect(error.message).to.equal("enough"),
    );
  });

  it("has nothing of the caller's own meshes in its environment, and the Docker engine", () => {
    const kept = benchEnvironment({ PATH: "/bin", MESH_HOME: "/mine", USMESH_SETTINGS: "/mine", KUBECONFIG: "/mine", PULUMI_HOME: "/mine", DOCKER_HOST: "unix:///engine", MESH_AIRGAP: "1" });
    expect(kept).to.deep.equal({ PATH: "/bin", DOCKER_HOST: "unix:///engine", MESH_AIRGAP: "1" });
  });
});

describe("the process's own environment", () => {
  const before = { ...process.env };
  afterEach(() => adoptEnvironment(before));

  it("becomes another one, without what that does not have", () => {
    process.env["MESH_HOME"] = "/mine";
    adoptEnvironment({ ...before, MESH_HOME: undefined, PATH: "/bin" });
    expect(process.env).not.to.have.property("MESH_HOME");
    expect(process.env["PATH"]).to.equal("/bin");
  });
});

describe("an event log that the engine is writing", () => {
  it("gives each event the time at which it was written, also where a line comes in parts", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-bench-log-"));
    try {
      const file = path.join(folder, "events.jsonl");
      const log = new EventLog(file);
      fs.writeFileSync(file, '{"preludeEvent":{}}\n{"resourcePreEvent":{"metadata":{"op":"create","urn":"ü');
      await pause(100);
      fs.appendFileSync(file, 'rn","type":"t"}}}\n');
      const events = log.stop();
      expect(events.map(({ event }) => Object.keys(event)[0])).to.deep.equal(["preludeEvent", "resourcePreEvent"]);
      expect(events[1]!.event.resourcePreEvent?.metadata.urn).to.equal("ürn");
      expect(events[1]!.at).to.be.greaterThan(events[0]!.at);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("where the time goes", () => {
  const event = (at: number, kind: keyof EngineEvent, type = "t"): StampedEvent => ({ at, event: { [kind]: { metadata: { op: "same", urn: "u", type } } } });

  it("is in four parts, one after another", () => {
    const events = [event(0.5, "preludeEvent"), event(0.6, "resourcePreEvent", "pulumi:pulumi:Stack"), event(2, "resourcePreEvent"), event(3.25, "resOutputsEvent"), event(3.5, "summaryEvent")];
    expect(phases(events, 4)).to.deep.equal({ engine: 0.5, program: 1.5, resources: 1.25, end: 0.75 });
  });

  it("is unknown without a resource of the program", () => {
    expect(() => phases([event(0.5, "preludeEvent"), event(0.6, "resourcePreEvent", "pulumi:pulumi:Stack")], 1)).to.throw("no resource of the program");
  });

  it("is what the child that loads everything says", () => {
    expect(() => loading.parse({ node: 1, sdk: 2, loader: 3 })).to.throw();
    expect(fs.readFileSync(path.join(__dirname, "../../../bench/lib/loading.cjs"), "utf8")).to.contain("{ node, sdk, loader, ...taken, program }");
  });

  it("counts for nothing in a run that changed something", () => {
    expect(() => unchanged("up", { changes: ["update west-labels"] })).to.throw("up changed something: update west-labels");
    expect(() => unchanged("up", { changes: [] })).not.to.throw();
  });
});

describe("the empty program", () => {
  const files = emptyProject();
  const read = (file: string): string => fs.readFileSync(path.join(__dirname, "../../..", file), "utf8");

  it("has no resource, and the runtime and compiler of this one", () => {
    expect(files["index.ts"]).to.equal("export {};\n");
    expect((parse(files["Pulumi.yaml"]!) as { runtime: unknown }).runtime).to.deep.equal((parse(read("Pulumi.yaml")) as { runtime: unknown }).runtime);
    expect(files["tsconfig.pulumi.json"]!.replace(/"extends": "[^"]+"/, "")).to.equal(read("tsconfig.pulumi.json").replace(/"extends": "[^"]+"/, ""));
    expect(fs.existsSync(/"extends": "([^"]+)"/.exec(files["tsconfig.pulumi.json"]!)![1]!)).to.equal(true);
  });
});

describe("what is left in Docker", () => {
  it("is the benchmark's by its whole name or what follows a hyphen", () => {
    expect(ours(["usmesh-bench", "usmesh-bench-west-control-plane", "usmesh-benchmark", "my-usmesh-bench", "usmesh"])).to.deep.equal(["usmesh-bench", "usmesh-bench-west-control-plane"]);
    expect(ours(["usmesh-bench-west", "usmesh-bench-script", "usmesh-bench-script-east"], SCRIPT.network)).to.deep.equal(["usmesh-bench-script", "usmesh-bench-script-east"]);
    for (const name of [SCRIPT.client, ...Object.values(SCRIPT.kind)]) expect(ours([name], SCRIPT.network)).to.have.length(1);
  });

  it("is removed with what holds it first, and nothing where there is nothing", () => {
    const left = { containers: ["a", "b"], networks: ["n"], volumes: ["v"] };
    expect(allNames(left)).to.deep.equal(["a", "b", "n", "v"]);
    expect(removals(left)).to.deep.equal([["docker", "rm", "--force", "--volumes", "a", "b"], ["docker", "volume", "rm", "--force", "v"], ["docker", "network", "rm", "n"]]);
    expect(removals({ containers: [], networks: [], volumes: [] })).to.deep.equal([]);
  });
});

describe("memory", () => {
  it("is what the kernel says of a process, and 0 for one that has ended", () => {
    expect(residentMiB(process.pid)).to.be.within(10, process.memoryUsage.rss() / 2 ** 20 + 500);
    expect(residentMiB(2 ** 30)).to.equal(0);
  });

  it("has its greatest sum while something is done", async () => {
    const peak = await peakDuring(
      () => [process.pid, process.pid],
      () => pause(600),
    );
    expect(peak).to.be.closeTo(2 * residentMiB(process.pid), residentMiB(process.pid));
  });
});

describe("what istiod has read", () => {
  it("is the clusters of its Secrets that are synced, and not its own", () => {
    const page = [
      { id: "west-cluster", secretName: "", syncStatus: "synced" },
      { id: "east-cluster", secretName: "istio-system/istio-remote-secret-usmesh", syncStatus: "synced" },
      { id: "c3-cluster", secretName: "istio-system/istio-remote-secret-usmesh", syncStatus: "syncing" },
    ];
    expect(syncedRemotes(JSON.stringify(page))).to.equal(1);
    expect(syncedRemotes("[]")).to.equal(0);
  });
});

describe("the sizes of a mesh that are measured", () => {
  it("double as long as the memory is enough, and begin with two in any case", () => {
    const gib = 2 ** 30;
    expect(sizesFor(0)).to.deep.equal([2]);
    expect(sizesFor(24 * gib)).to.deep.equal([2, 4, 8, 16, 32]);
    expect(sizesFor(20 * gib)).to.deep.equal([2, 4, 8, 16]);
    expect(sizesFor(1000 * gib).at(-1)).to.equal(64);
  });

  it("are fewer for kind clusters with Istio", () => {
    expect(kindSizesFor(0)).to.deep.equal([2]);
    expect(kindSizesFor(12 * 2 ** 30)).to.deep.equal([2, 3, 4]);
    expect(kindSizesFor(24 * 2 ** 30)).to.deep.equal([2, 3, 4, 6]);
  });

  it("have goals: what a cluster of the largest takes, beside one of the smallest", () => {
    const size = (clusters: number, noop: number[]): Size => ({ clusters, way: "gateway", noop, up: [1], down: [1], upMiB: [1], noopMiB: [1], resources: [clusters * 20], stateMiB: [1] });
    const goals = flatGoals([size(2, [3, 3, 9]), size(16, [26, 28, 27])]);
    const goal = goals.find(({ name }) => name.startsWith("up without a change, through gateways"));
    expect(goal).to.deep.include({ actual: 27 / 16 / 1.5, atMost: 1.15, unit: "×" });
    expect(goals.find(({ name }) => name.startsWith("resources"))?.actual).to.equal(1);
    expect(flatGoals([size(2, [3])])).to.deep.equal([]);
  });
});
