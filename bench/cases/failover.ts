import type { DrillReport } from "../../cli/drill/report";
import type { BenchCase, BenchContext, CaseResult } from "../case";
import { STACK } from "../lib/bench-mesh";
import { standingMesh } from "../standing-mesh";
import { drillArguments, drillOf, failoverSeries } from "../traffic/failover";
import { ABOUT } from "./about";

/** Both directions. */
const PAIRS = [
  { from: "west", to: "east" },
  { from: "east", to: "west" },
] as const;

/** From a failure to the first answer from elsewhere, and from its repair to the first answer from home, by `./mesh drill`. */
export const failover: BenchCase = {
  name: "failover",
  ...ABOUT.failover,
  async run(context: BenchContext): Promise<CaseResult> {
    const { runs, say } = context;
    const mesh = await standingMesh(context);
    const reports: DrillReport[] = [];
    for (let run = 1; run <= runs; run += 1) {
      say(`failover: drill ${run} of ${runs}, some minutes`);
      reports.push(drillOf(await mesh.mesh(...drillArguments(STACK, PAIRS))));
    }
    const notes = [
      `By ./mesh drill, ${reports[0]?.rate ?? 0} requests a second without and as many with retries, each given up by its proxy after a second; docs/drill.md describes each failure.`,
      "Requests that failed are those from the failure until all was as before. Times are those of the requests without retries.",
    ];
    return { series: failoverSeries(reports), goals: [], notes };
  },
};
