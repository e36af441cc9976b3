import { existsSync } from "node:fs";
import { expect } from "chai";
import type { BenchCase, BenchContext, CaseResult } from "../../../bench/case";
import { benchReport } from "../../../bench/report/schema";
import { runBench, type Parts } from "../../../bench/run";
import type { Session } from "../../../cli/lib/session";

const RESULT: CaseResult = {
  series: [{ name: "up", side: "usmesh", unit: "s", values: [3, 1] }],
  goals: [
    { name: "fast", actual: 2, atMost: 3, unit: "s" },
    { name: "faster", actual: 2, atMost: 1, unit: "s" },
  ],
  notes: ["Two runs."],
};
const NOTHING = { containers: [], networks: [], volumes: [] };

/** A run whose cases do what is given by name, with everything around it made up; `log` has what happened. */
function pretend(cases: Partial<Record<string, (context: BenchContext) => Promise<CaseResult>>>, more: Partial<Parts> = {}) {
  const log: string[] = [];
  const parts: Parts = {
    adoptEnvironment: () => void log.push("environment"),
    prepare: async (needs) => void log.push(`prepare ${needs}`),
    openTools: async () => ({ env: { TOOLS: "1" } }) as unknown as Session,
    loadCase: async (name) => ({ name, summary: "", needs: "nothing", run: cases[name] ?? (async () => RESULT) }) satisfies BenchCase,
    findLeftovers: async () => NOTHING,
    removeLeftovers: async (env) => void log.push(`remove leftovers with ${env["TOOLS"]}`),
    removeStandingMesh: async () => void log.push("remove standing mesh"),
    machine: () => ({ cores: 2, processor: "some", memoryMiB: 24_000, kernel: "Linux 6", load: 0.1 }),
    versions: async () => ({ usmesh: "abc", node: "20.19.0" }),
    ...more,
  };
  const interrupt = new AbortController();
  const run = (...names: Parameters<typeof runBench>[0]) => runBench(names, { runs: 2, signal: interrupt.signal, say: () => undefined }, parts);
  return { log, interrupt, run };
}

describe("a run of the benchmark", () => {
  it("is JSON of the shape that the schema has, with each goal met or missed", async () => {
    const { run } = pretend({});
    const report = benchReport.parse(JSON.parse(JSON.stringify(await run("up", "noop"))));
    expect(report).to.include({ version: 1, runs: 2 });
    expect(report.date).to.match(/^\d{4}-\d\d-\d\dT/);
    expect(report.cases.map(({ name }) => name)).to.deep.equal(["up", "noop"]);
    expect(report.cases[0]).to.deep.include({ series: RESULT.series, notes: ["Two runs."], goals: [{ ...RESULT.goals[0], met: true }, { ...RESULT.goals[1], met: false }] });
  });

  it("goes on after a case that could not be measured, and says which", async () => {
    const { run } = pretend({ up: () => Promise.reject(new Error("no cluster")) });
    const { cases } = await run("up", "noop");
    expect(cases[0]).to.include({ name: "up", error: "no cluster" });
    expect(cases[1]).to.have.property("series");
  });

  it("takes a result without values for a case that could not be measured", async () => {
    const { run } = pretend({ up: async () => ({ ...RESULT, series: [{ ...RESULT.series[0]!, values: [] }] }) });
    expect((await run("up")).cases[0]).to.have.property("error");
  });

  it("gives all cases one context and one folder, which is gone in the end, and removes what it made", async () => {
    const contexts = new Set<BenchContext>();
    const seen = async (context: BenchContext): Promise<CaseResult> => {
      expect(existsSync(context.folder)).to.equal(true);
      contexts.add(context);
      return RESULT;
    };
    const { run, log } = pretend({ up: seen, verify: seen });
    await run("up", "verify");
    expect(contexts.size).to.equal(1);
    expect(existsSync([...contexts][0]!.folder)).to.equal(false);
    expect(log).to.deep.equal(["environment", "prepare cluster", "remove standing mesh", "remove leftovers with 1"]);
  });

  it("ends with the interrupt's reason, and removes what it made", async () => {
    const { run, log, interrupt } = pretend({
      up: async () => {
        interrupt.abort(new Error("interrupted"));
        throw new Error("a command was ended");
      },
    });
    const failure = await run("up", "noop").catch((error: unknown) => error);
    expect(failure).to.have.property("message", "interrupted");
    expect(log.slice(-2)).to.deep.equal(["remove standing mesh", "remove leftovers with 1"]);
  });

  it("removes what is in Docker also when the mesh cannot be removed as it was made", async () => {
    const { run, log } = pretend({}, { removeStandingMesh: () => Promise.reject(new Error("no engine")) });
    expect(await run("up").catch((error: Error) => error.message)).to.equal("no engine");
    expect(log.at(-1)).to.equal("remove leftovers with 1");
  });

  it("refuses to begin where Docker has its names, and removes nothing then", async () => {
    const { run, log } = pretend({}, { findLeftovers: async () => ({ ...NOTHING, containers: ["usmesh-bench-west-control-plane"], networks: ["usmesh-bench"] }) });
    const failure = (await run("up").catch((error: unknown) => error)) as Error & { readonly hint: string };
    expect(failure).to.include({ section: "bench-names-taken", exitCode: 2 });
    expect(failure.hint).to.contain("docker rm --force --volumes usmesh-bench-west-control-plane\ndocker network rm usmesh-bench");
    expect(log).not.to.include("remove leftovers with 1");
  });

  it("does not ask Docker where no case needs it", async () => {
    const { run, log } = pretend({}, { findLeftovers: () => Promise.reject(new Error("asked")) });
    await run("unit", "scale");
    expect(log).to.deep.equal(["environment", "prepare nothing", "prepare tools", "remove standing mesh"]);
  });
});
