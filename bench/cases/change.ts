import type { BenchCase } from "../case";
import { standingMesh, type StandingMesh } from "../standing-mesh";
import { ABOUT } from "./about";

/** The zones between which west's nodes are moved: the first is the default, which they have in the end. */
const ZONES = ["0", "1"] as const;

/** `up` that changes one label in one cluster: the zone of west's node. */
export const change: BenchCase = {
  name: "change",
  ...ABOUT.change,
  async run(context) {
    const { runs, say } = context;
    const mesh = await standingMesh(context);
    const values: number[] = [];
    // The zone that the mesh has: that of its settings until something was measured.
    let zone: string = ZONES[0];
    try {
      for (let index = 1; index <= runs; index += 1) {
        say(`change: run ${index} of ${runs}`);
        zone = ZONES[index % 2]!;
        values.push(await relabel(mesh, zone));
      }
    } finally {
      mesh.change({ clusters: { west: { zone: ZONES[0] } } });
      if (zone !== ZONES[0] && !context.signal.aborted) await mesh.pulumi("up");
    }
    const series = [{ name: "up that changes the zone of west's node", side: "usmesh", unit: "s" as const, values }];
    return { series, goals: [], notes: ["One resource changes: the command that labels the nodes. Everything else is compared and stays."] };
  },
};

/** @returns seconds. @throws Error when anything else changed as well */
async function relabel(mesh: StandingMesh, zone: string): Promise<number> {
  mesh.change({ clusters: { west: { zone } } });
  const { seconds, changes } = await mesh.pulumi("up");
  if (changes.length !== 1 || !changes[0]!.endsWith(" west-labels")) throw new Error(`the change of a label changed ${changes.join(", ") || "nothing"}`);
  return seconds;
}
