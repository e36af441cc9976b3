import * as fs from "node:fs";
import * as path from "node:path";
import { readModel } from "../../cli/lib/model";
import { deploymentIn } from "../../test/integration/support/state";
import { DEMO_HOST } from "../../topology/names";
import { repositoryRoot } from "../../lib/paths";
import type { BenchCase, BenchContext, Series } from "../case";
import { criticalPath, nameOf, worked, type CriticalPath, type StateResource, type Worked } from "../critical-path";
import { BenchMesh, STACK } from "../lib/bench-mesh";
import { execute, succeeded } from "../lib/execute";
import { removeLeftovers } from "../lib/leftovers";
import { MESH, SCRIPT } from "../lib/names";
import { gantt } from "../report/gantt";
import { median, ratioGoal } from "../statistics";
import { stepsIn, WALKTHROUGH, writeWalkthrough, type Step } from "../walkthrough";
import { ABOUT } from "./about";

/** How many times as long as the script and as its own longest chain of waits `up` may take. */
const [GOAL_SCRIPT, GOAL_CHAIN] = [0.45, 1.15];

/** Milliseconds from one request to the next, and for which they are repeated: as in the script. */
const [ASK_MS, ASK_FOR_MS] = [1000, 120_000];

/** What the program's side took. */
interface OwnRun {
  readonly up: number;
  readonly toRequest: number;
  readonly path: CriticalPath;
  readonly all: readonly Worked[];
}

/** What the script's side took. */
interface ScriptRun {
  readonly toRequest: number;
  readonly steps: readonly Step[];
}

/** `pulumi up` of the default stack from nothing, beside bench/walkthrough.sh. Each ends with a request that crosses. */
export const up: BenchCase = {
  name: "up",
  ...ABOUT.up,
  async run(context) {
    const { runs, say } = context;
    const [own, script]: [OwnRun[], ScriptRun[]] = [[], []];
    for (let index = 1; index <= runs; index += 1) {
      say(`up: run ${index} of ${runs}, usmesh`);
      own.push(await runOwn(context));
      say(`up: run ${index} of ${runs}, script`);
      script.push(await runScript(context));
    }
    const [ups, requests, chains, scripts] = [own.map((run) => run.up), own.map((run) => run.toRequest), own.map((run) => run.path.seconds), script.map((run) => run.toRequest)];
    const seconds = (name: string, side: string, values: readonly number[]): Series => ({ name, side, unit: "s", values });
    const series = [
      seconds("from nothing to the first request across", "usmesh", requests),
      seconds("from nothing to the first request across", "script", scripts),
      seconds("pulumi up", "usmesh", ups),
      seconds("pulumi up", "critical path", chains),
      ...stepSeries(script),
    ];
    const goals = [
      ratioGoal("from nothing to the first request across, beside the script", requests, scripts, GOAL_SCRIPT),
      ratioGoal("pulumi up, beside its critical path", ups, chains, GOAL_CHAIN),
    ];
    const typical = middleRun(own);
    return { series, goals, notes: [...NOTES, chainNote(typical.path)], pictures: { "up-gantt.svg": picture(typical) } };
  },
};

const NOTES = [
  "Both sides have the same node image, charts, images and values, and everything is there before: nothing is downloaded or built. They run in turns, and each begins without clusters, network and state.",
  "The script does the steps of the walk-through one after the other, as by hand, without the time that a person needs to type and to look.",
  "The script leaves out what the walk-through leaves out: private API servers (discovery proxies, an account for each peer), strict mutual TLS, failover by region, fixed addresses, simple-backend in both clusters, and a state to change or remove the mesh by.",
  "The script does what the program does not: it keeps keys, kubeconfigs and tokens in files.",
  "pulumi up is the process from start to end, with the program's compilation, which a first run has to do.",
];

async function runOwn(context: BenchContext): Promise<OwnRun> {
  const mesh = await BenchMesh.open("up", context);
  try {
    const started = performance.now();
    const { seconds, events } = await mesh.pulumi("up");
    const { ingressAddress } = (await mesh.outputs()).clusters["west"] ?? {};
    if (ingressAddress === undefined) throw new Error("west has no ingress gateway");
    await provenRequest(ingressAddress, mesh.env, context.signal);
    const toRequest = (performance.now() - started) / 1000;
    const all = worked(events);
    const state = (deploymentIn(fs.readFileSync(mesh.stateFile, "utf8"))?.resources ?? []) as readonly StateResource[];
    return { up: seconds, toRequest, path: criticalPath(all, state), all };
  } finally {
    await mesh.remove();
  }
}

/** Asks webapp in west for catalog, which runs in east alone, until it answers. @throws Error when it does not in time */
async function provenRequest(address: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const args = ["exec", MESH.client, "curl", "--silent", "--show-error", "--fail", "--max-time", "5", "--header", `Host: ${DEMO_HOST}`, `http://${address}/api/catalog`];
  const deadline = Date.now() + ASK_FOR_MS;
  for (;;) {
    const ended = await execute("docker", args, { env, signal });
    signal.throwIfAborted();
    if (ended.code === 0) return;
    if (Date.now() > deadline) succeeded("the request from west to east", ended);
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
}

async function runScript(context: BenchContext): Promise<ScriptRun> {
  const { folder, signal } = context;
  const own = fs.mkdtempSync(path.join(folder, "script-"));
  // Only for its settings and its environment: nothing of it is brought up.
  const { session } = await BenchMesh.open("script", context);
  try {
    const variables = writeWalkthrough(readModel(session, STACK), own);
    const ended = succeeded("bench/walkthrough.sh", await execute(WALKTHROUGH, [], { cwd: repositoryRoot, env: { ...session.env, ...variables }, signal }), signal);
    return { toRequest: ended.seconds, steps: stepsIn(ended.stdout) };
  } finally {
    await removeLeftovers(session.env, SCRIPT.network);
    fs.rmSync(own, { recursive: true, force: true });
  }
}

function stepSeries(script: readonly ScriptRun[]): Series[] {
  const names = script[0]?.steps.map(({ name }) => name) ?? [];
  return names.map((name) => ({ name: `the script's ${name}`, side: "script", unit: "s", values: script.map(({ steps }) => steps.find((step) => step.name === name)?.seconds ?? 0) }));
}

/** The run whose `up` took the median, or just less. */
function middleRun(runs: readonly OwnRun[]): OwnRun {
  const middle = median(runs.map((run) => run.up));
  return runs.filter((run) => run.up <= middle).reduce((a, b) => (b.up > a.up ? b : a));
}

function chainNote({ chain, seconds }: CriticalPath): string {
  const links = chain.filter(({ from, to }) => to - from >= 0.3).map(({ urn, from, to }) => `${nameOf(urn)} ${(to - from).toFixed(1)} s`);
  return `The longest chain of one run, ${seconds.toFixed(1)} s: ${links.join(", ")}.`;
}

function picture({ all, path: { chain } }: OwnRun): string {
  const critical = new Set(chain.map(({ urn }) => urn));
  const rows = all.filter(({ type }) => !/^(?:pulumi|usmesh):/.test(type)).map(({ urn, from, to }) => ({ name: nameOf(urn), from, to, critical: critical.has(urn) }));
  return gantt("pulumi up of west and east from nothing: what the engine worked on", rows).svg();
}
