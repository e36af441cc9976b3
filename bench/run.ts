import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { openSession, type Session } from "../cli/lib/session";
import { EXIT, MeshError } from "../lib/errors";
import { prepare } from "../tools/test/prepare";
import type { BenchCase, BenchContext } from "./case";
import { needsOf, type CaseName } from "./cases/about";
import { loadCase } from "./cases/load";
import { adoptEnvironment, benchEnvironment } from "./lib/environment";
import { STACK } from "./lib/bench-mesh";
import { allNames, findLeftovers, removals, removeLeftovers } from "./lib/leftovers";
import { machine, versions } from "./lib/machine";
import type { BenchReport } from "./report/schema";
import { removeStandingMesh } from "./standing-mesh";
import { checkResult, isMet } from "./statistics";

/** How the cases are run. */
export interface RunOptions {
  /** How often each side is run. */
  readonly runs: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** What a run is made of; tests replace it. */
const PARTS = { prepare, openTools, loadCase, findLeftovers, removeLeftovers, removeStandingMesh, machine, versions, adoptEnvironment };

/** See {@link PARTS}. */
export type Parts = typeof PARTS;

/**
 * Runs cases, one after another. One that cannot be measured does not keep the others from being measured.
 *
 * @throws MeshError when something needed is missing, or there is something in Docker with the benchmark's names; the signal's reason when it
 *   is interrupted, once everything that was started is removed.
 */
export async function runBench(names: readonly CaseName[], options: RunOptions, parts: Parts = PARTS): Promise<BenchReport> {
  const date = new Date().toISOString();
  // Before anything is prepared, which is work too.
  const here = parts.machine();
  const env = benchEnvironment();
  parts.adoptEnvironment(env);
  const needs = needsOf(names);
  for (const need of needs) await parts.prepare(need, env);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-bench-"));
  const context: BenchContext = { ...options, folder };
  let clusters: NodeJS.ProcessEnv | undefined;
  try {
    const session = needs.every((need) => need === "nothing") ? undefined : await parts.openTools(folder, env);
    if (session !== undefined && needs.includes("cluster")) {
      await refuseLeftovers(session.env, parts);
      clusters = session.env;
    }
    const measured = await parts.versions(env, session);
    const cases: BenchReport["cases"] = [];
    for (const name of names) cases.push(await runCase(await parts.loadCase(name), context));
    return { version: 1, date, runs: options.runs, machine: here, versions: measured, cases };
  } finally {
    try {
      await parts.removeStandingMesh(context);
    } finally {
      // The mesh's own removal may have failed. Nothing of it may be left.
      if (clusters !== undefined) await parts.removeLeftovers(clusters);
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** The programs that the run itself uses, and what is asked for versions: in a home that is removed with the folder. */
function openTools(folder: string, env: NodeJS.ProcessEnv): Promise<Session> {
  return openSession([STACK], { ...env, CI: "true", MESH_HOME: path.join(folder, "tools") });
}

async function runCase(one: BenchCase, context: BenchContext): Promise<BenchReport["cases"][number]> {
  const { name } = one;
  context.signal.throwIfAborted();
  context.say(`bench ${name}`);
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  try {
    const result = await one.run(context);
    context.signal.throwIfAborted();
    checkResult(result);
    const { series, goals, notes, pictures = {} } = result;
    const copied = series.map(({ values, ...rest }) => ({ ...rest, values: [...values] }));
    return { name, seconds: seconds(), series: copied, goals: goals.map((goal) => ({ ...goal, met: isMet(goal) })), notes: [...notes], pictures: { ...pictures } };
  } catch (error) {
    context.signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    context.say(`bench ${name}: not measured: ${message}`);
    return { name, seconds: seconds(), error: message };
  }
}

/** Something with the benchmark's names is from a run that was killed, or belongs to one that is under way. */
async function refuseLeftovers(env: NodeJS.ProcessEnv, parts: Pick<Parts, "findLeftovers">): Promise<void> {
  const found = await parts.findLeftovers(env);
  if (allNames(found).length === 0) return;
  const hint = ["If no other ./mesh bench runs, they are left from one that was killed; remove them:", ...removals(found).map((words) => words.join(" "))].join("\n");
  throw new MeshError("bench-names-taken", `Docker has something with the benchmark's names: ${allNames(found).join(", ")}`, hint, EXIT.unusable);
}
