import type { Tree } from "../../lib/merge";
import type { BenchCase, BenchContext, Goal, Series } from "../case";
import { BenchMesh, STACK } from "../lib/bench-mesh";
import { succeeded } from "../lib/execute";
import { istiodMiB, secondsToSync, type KindCluster } from "../lib/istiod";
import { MESH, PREFIX } from "../lib/names";
import { unchanged } from "../lib/operation";
import { kindSizesFor } from "../sizes";
import { median } from "../statistics";
import { ABOUT } from "./about";

/** What was measured at one size, of each run. */
interface Size {
  readonly clusters: number;
  readonly up: number[];
  readonly noop: number[];
  readonly istiodMiB: number[];
  readonly sync: number[];
  readonly verify: number[];
}

const MEASURES = [
  { of: "up", name: "first up", unit: "s" },
  { of: "noop", name: "up without a change", unit: "s" },
  { of: "istiodMiB", name: "memory of west's istiod", unit: "MiB" },
  { of: "sync", name: "istiod of west has read all others after", unit: "s" },
  { of: "verify", name: "./mesh verify with traffic, with its start", unit: "s" },
] as const;

/** Each size is one stack of so many kind clusters with Istio, the demo in all of them. */
export const scaleKind: BenchCase = {
  name: "scale-kind",
  ...ABOUT["scale-kind"],
  async run(context) {
    const sizes: Size[] = [];
    for (const clusters of kindSizesFor(process.availableMemory())) {
      const size: Size = { clusters, up: [], noop: [], istiodMiB: [], sync: [], verify: [] };
      for (let index = 1; index <= context.runs; index += 1) {
        context.say(`scale-kind: ${clusters} clusters, run ${index} of ${context.runs}`);
        await measure(context, size);
      }
      sizes.push(size);
    }
    const series = MEASURES.flatMap(({ of, name, unit }) => sizes.map((size): Series => ({ name: `${name}, ${size.clusters} clusters`, side: "usmesh", unit, values: size[of] })));
    const each = sizes.map(({ clusters, sync }): Series => ({ name: `the same for each remote cluster, ${clusters} clusters`, side: "usmesh", unit: "s", values: sync.map((seconds) => seconds / (clusters - 1)) }));
    return { series: [...series, ...each], goals: verifyGoals(sizes), notes: NOTES };
  },
};

const NOTES = [
  "Clusters are kind clusters on one machine, so each has less of its cores the more there are.",
  "The time in which istiod reads the others is from the moment at which it is given its remote Secret again, to a tenth of a second and the time that a command in its pod takes.",
];

async function measure(context: BenchContext, into: Size): Promise<void> {
  const mesh = await BenchMesh.open("scale-kind", context);
  try {
    mesh.change(furtherClusters(into.clusters));
    into.up.push((await mesh.pulumi("up")).seconds);
    const again = await mesh.pulumi("up");
    unchanged("a second up", again);
    into.noop.push(again.seconds);
    const west: KindCluster = { kindName: MESH.kind.west, kubeconfig: await mesh.kubeconfig("west"), env: mesh.env, signal: context.signal };
    into.istiodMiB.push(await istiodMiB(west));
    into.sync.push(await secondsToSync(west, (await mesh.outputs()).mesh.name, into.clusters - 1));
    into.verify.push(succeeded("./mesh verify", await mesh.mesh("verify", STACK, "--json"), context.signal).seconds);
  } finally {
    await mesh.remove();
  }
}

/** `verify` is to take less than its share for each further pair: what a pair takes of the largest mesh, beside a pair of the smallest. */
export function verifyGoals(sizes: readonly Pick<Size, "clusters" | "verify">[]): Goal[] {
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const pairs = (clusters: number): number => clusters * (clusters - 1);
  const each = ({ clusters, verify }: Pick<Size, "clusters" | "verify">): number => median(verify) / pairs(clusters);
  const name = `./mesh verify: each of ${pairs(last.clusters)} pairs, beside each of ${pairs(first.clusters)}`;
  return [{ name, actual: each(last) / each(first), atMost: 1, unit: "×" }];
}

/** Settings of the clusters beside west and east, so that there are so many in all. */
export function furtherClusters(clusters: number): Tree {
  const keys = Array.from({ length: clusters - 2 }, (_, index) => index + 3);
  return { clusters: Object.fromEntries(keys.map((index) => [`c${index}`, { region: `c${index}us`, addressIndex: index, kindName: `${PREFIX}-c${index}` }])) };
}
