import type { Tree } from "../../lib/merge";
import type { BenchCase, BenchContext, Series } from "../case";
import { BenchMesh } from "../lib/bench-mesh";
import { istiodMiB, secondsToSync, type KindCluster } from "../lib/istiod";
import { MESH, PREFIX } from "../lib/names";
import { unchanged } from "../lib/operation";
import { kindSizesFor } from "../sizes";
import { ABOUT } from "./about";

/** What was measured at one size, of each run. */
interface Size {
  readonly clusters: number;
  readonly up: number[];
  readonly noop: number[];
  readonly istiodMiB: number[];
  readonly sync: number[];
}

const MEASURES = [
  { of: "up", name: "first up", unit: "s" },
  { of: "noop", name: "up without a change", unit: "s" },
  { of: "istiodMiB", name: "memory of west's istiod", unit: "MiB" },
  { of: "sync", name: "istiod of west has read all others after", unit: "s" },
] as const;

/** Each size is one stack of so many kind clusters with Istio, the demo in all of them. */
export const scaleKind: BenchCase = {
  name: "scale-kind",
  ...ABOUT["scale-kind"],
  async run(context) {
    const sizes: Size[] = [];
    for (const clusters of kindSizesFor(process.availableMemory())) {
      const size: Size = { clusters, up: [], noop: [], istiodMiB: [], sync: [] };
      for (let index = 1; index <= context.runs; index += 1) {
        context.say(`scale-kind: ${clusters} clusters, run ${index} of ${context.runs}`);
        await measure(context, size);
      }
      sizes.push(size);
    }
    const series = MEASURES.flatMap(({ of, name, unit }) => sizes.map((size): Series => ({ name: `${name}, ${size.clusters} clusters`, side: "usmesh", unit, values: size[of] })));
    const each = sizes.map(({ clusters, sync }): Series => ({ name: `the same for each remote cluster, ${clusters} clusters`, side: "usmesh", unit: "s", values: sync.map((seconds) => seconds / (clusters - 1)) }));
    return { series: [...series, ...each], goals: [], notes: NOTES };
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
  } finally {
    await mesh.remove();
  }
}

/** Settings of the clusters beside west and east, so that there are so many in all. */
export function furtherClusters(clusters: number): Tree {
  const keys = Array.from({ length: clusters - 2 }, (_, index) => index + 3);
  return { clusters: Object.fromEntries(keys.map((index) => [`c${index}`, { region: `c${index}us`, addressIndex: index, kindName: `${PREFIX}-c${index}` }])) };
}
