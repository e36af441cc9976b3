import { spawn } from "node:child_process";
import { once } from "node:events";
import { inspect } from "node:util";
import { expect } from "chai";
import { drillReport, type DrillReport, type ReportedResult } from "../../../cli/drill/report";
import { until } from "../../support/wait";
import { KEYS, NAMES, type TestMesh } from "../support/mesh";

const NODE = `${NAMES.kind.east}-control-plane`;

interface Reported {
  readonly report: DrillReport;
  readonly stderr: string;
}

/** Failures made on purpose, and what is left of a drill that was killed. Nothing runs beside it: its requests have a second each, and it counts those that fail. */
export function drill(mesh: TestMesh): void {
  const isPaused = async (): Promise<boolean> => (await mesh.sh(`docker container inspect --format '{{.State.Paused}}' ${NODE}`)) === "true";
  const namespaces = async (): Promise<string[]> => Promise.all(KEYS.map((key) => mesh.kubectl(key, "get namespace usmesh-drill --ignore-not-found -o name")));

  const run = async (): Promise<Reported> => {
    const { stdout, stderr } = await mesh.mesh("drill", "local", "--pair", "west:east", "--yes", "--json", "--only", "errors", "--only", "no-replica");
    return { report: drillReport.parse(JSON.parse(stdout === "" ? "null" : stdout), { error: () => stderr }), stderr };
  };
  let begun: Promise<Reported> | undefined;
  /** One run for all tests: what takes longest is to start its workloads and to remove them. */
  const drilled = (): Promise<Reported> => (begun ??= run());
  const resultsOf = ({ pairs: [pair] }: DrillReport, failure: string): ReportedResult[] => pair?.results.filter((result) => result.failure === failure) ?? [];

  it("leaves a node paused when it is killed, and unpauses it when it is run again", async () => {
    const [command, args, options] = mesh.command("drill", "local", "--pair", "west:east", "--only", "paused-node", "--yes");
    const running = spawn(command, args, { ...options, stdio: "ignore" });
    const ended = once(running, "exit");
    await until("the node is paused", isPaused, { timeoutMs: 120_000, intervalMs: 200 });
    running.kill("SIGKILL");
    await ended;
    expect(await isPaused(), "nobody has repaired it").to.equal(true);

    // It is waited for where its report is read.
    drilled().catch(() => undefined);
    await until("the node to run again", async () => !(await isPaused()), { intervalMs: 200 });
  });

  it("has removed what the killed one left, and what it made itself", async () => {
    const { report, stderr } = await drilled();
    expect(stderr).to.contain(`a drill was killed; repairing ${NODE}`).and.contain("removed what an earlier drill left in");
    expect(await namespaces()).to.deep.equal(["", ""]);
    expect(report.pairs.map(({ from, to }) => [from, to])).to.deep.equal([["west", "east"]]);
    const replaced = resultsOf(report, "no-replica");
    expect(replaced.map(({ retries, status }) => [retries, status]), inspect(replaced, { depth: 4 })).to.deep.equal([
      ["off", "survived"],
      ["on", "survived"],
    ]);
  });

  it("measures at 50 requests a second how long it takes from a backend that answers errors to the other cluster, and back", async () => {
    const { report } = await drilled();
    const [pair] = report.pairs;
    if (pair === undefined) throw new Error("no pair was drilled");
    const results = resultsOf(report, "errors");
    expect(results.map(({ retries }) => retries)).to.deep.equal(["off", "on"]);
    for (const result of results) {
      if (!("phases" in result)) throw new Error(`${result.status}: ${result.reason}`);
      const { during } = result.phases;
      process.stdout.write(`      errors, retries ${result.retries}: ${result.failed} of ${result.sent} failed, elsewhere after ${result.secondsToElsewhere ?? "-"} s, back after ${result.secondsToBack ?? "-"} s\n`);
      // Ten seconds, and what it takes to tell the backend to fail.
      expect(during.sent).to.be.within(400, 650);
      expect(during.answers["east"], "answers from elsewhere").to.be.greaterThan(100);
      // Where the mesh avoids backends that fail, requests no longer fail in the end; where it does not, those that west gets do.
      if (pair.failover?.outlierDetection && pair.failover.locality) expect(result, inspect(result)).to.include({ status: "survived" });
      else if (result.retries === "off") expect(result).to.include({ status: "down" });
    }
  });
}
