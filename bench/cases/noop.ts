import * as path from "node:path";
import { repositoryRoot } from "../../lib/paths";
import { loading, phases, type Loading, type Phases } from "../breakdown";
import type { BenchCase, BenchContext, Series } from "../case";
import { EmptyProgram } from "../lib/empty-program";
import { execute, succeeded } from "../lib/execute";
import { unchanged } from "../lib/operation";
import { providerPlugins, startOf } from "../lib/plugins";
import { standingMesh } from "../standing-mesh";
import { ratioGoal } from "../statistics";
import { ABOUT } from "./about";

/** How many times as long as the empty program's each operation may take. */
const GOAL = 2;

const OPERATIONS = ["up", "preview"] as const;
type Name = (typeof OPERATIONS)[number];

/** The parts of an `up` without a change, in words. */
const PHASES: Readonly<Record<keyof Phases, string>> = {
  engine: "up, 1: engine, until its first event",
  program: "up, 2: language host, Node.js, SDKs and the program's checks, until its first resource",
  resources: "up, 3: registrations, reads and the plugins' start, until the last resource",
  end: "up, 4: end",
};

/** What is loaded, in words. */
const LOADED: Readonly<Record<keyof Loading, string>> = {
  node: "start of Node.js",
  sdk: "loading @pulumi/pulumi",
  loader: "loading the compiler of TypeScript",
  kubernetes: "loading what the program uses of @pulumi/kubernetes",
  others: "loading the SDKs of the other providers",
  program: "loading the program and its other packages",
};

/** `up` and `preview` of the standing mesh that change nothing, beside those of an empty program, and where the time goes. */
export const noop: BenchCase = {
  name: "noop",
  ...ABOUT.noop,
  async run(context) {
    const { runs, say } = context;
    const mesh = await standingMesh(context);
    const empty = await EmptyProgram.create(context, mesh.env);
    const sides = [
      { side: "usmesh", pulumi: (operation: Name) => mesh.pulumi(operation) },
      { side: "empty program", pulumi: (operation: Name) => empty.pulumi(operation) },
    ].map((one) => ({ ...one, taken: { up: [] as number[], preview: [] as number[] } }));
    const parts: Phases[] = [];
    // The first run compiles what later ones find compiled.
    for (const { pulumi } of sides) unchanged("the first up", await pulumi("up"));
    for (let index = 1; index <= runs; index += 1) {
      say(`noop: run ${index} of ${runs}`);
      for (const operation of OPERATIONS) {
        for (const { side, pulumi, taken } of sides) {
          const ended = await pulumi(operation);
          unchanged(`${operation} of the ${side === "usmesh" ? "standing mesh" : side}`, ended);
          taken[operation].push(ended.seconds);
          if (side === "usmesh" && operation === "up") parts.push(phases(ended.events, ended.seconds));
        }
      }
    }
    const series = OPERATIONS.flatMap((operation) => sides.map(({ side, taken }): Series => ({ name: `${operation} without a change`, side, unit: "s", values: taken[operation] })));
    const [own, other] = [sides[0]!.taken, sides[1]!.taken];
    const goals = OPERATIONS.map((operation) => ratioGoal(`${operation} without a change, beside the empty program`, own[operation], other[operation], GOAL));
    const within = [...phaseSeries(parts), ...(await loadingSeries(context, mesh.env)), ...(await pluginSeries(context, mesh.env))];
    return { series: [...series, ...within], goals, notes: [`A mesh of two clusters. The parts of an up are one after another; what is loaded and each plugin was also measured alone, and is part of 2 and 3.`] };
  },
};

function phaseSeries(parts: readonly Phases[]): Series[] {
  return (Object.keys(PHASES) as (keyof Phases)[]).map((phase) => ({ name: PHASES[phase], side: "usmesh", unit: "s", values: parts.map((part) => part[phase]) }));
}

async function loadingSeries({ runs, signal }: BenchContext, env: NodeJS.ProcessEnv): Promise<Series[]> {
  const seen: Loading[] = [];
  for (let index = 0; index < runs; index += 1) {
    const ended = await execute(process.execPath, [path.join(repositoryRoot, "bench", "lib", "loading.cjs")], { cwd: repositoryRoot, env, signal });
    seen.push(loading.parse(JSON.parse(succeeded("bench/lib/loading.cjs", ended, signal).stdout)));
  }
  return (Object.keys(LOADED) as (keyof Loading)[]).map((part) => ({ name: LOADED[part], side: "alone", unit: "s", values: seen.map((one) => one[part] / 1000) }));
}

async function pluginSeries({ runs, signal }: BenchContext, env: NodeJS.ProcessEnv): Promise<Series[]> {
  const series: Series[] = [];
  for (const [provider, plugin] of providerPlugins(env)) {
    const values: number[] = [];
    for (let index = 0; index < runs; index += 1) {
      signal.throwIfAborted();
      values.push(await startOf(plugin, env));
    }
    series.push({ name: `start of the ${provider} provider`, side: "alone", unit: "s", values });
  }
  return series;
}
