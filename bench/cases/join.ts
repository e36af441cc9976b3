import type { BenchCase, BenchContext, CaseResult } from "../case";
import { standingMesh } from "../standing-mesh";
import { type Joined, joinSeries } from "../traffic/join";
import { Joining } from "../traffic/joining";
import { ABOUT } from "./about";

/** From the start of `./mesh up` of a third cluster to the first requests from the others that it answers. */
export const join: BenchCase = {
  name: "join",
  ...ABOUT.join,
  async run(context: BenchContext): Promise<CaseResult> {
    const { runs, say } = context;
    const joining = new Joining(await standingMesh(context), context);
    const joined: Joined[] = [];
    await joining.alone(async () => {
      for (let run = 1; run <= runs; run += 1) {
        say(`join: run ${run} of ${runs}`);
        joined.push(await joining.once());
      }
    });
    return { series: joinSeries(joined), goals: [], notes: [NOTE] };
  },
};

const NOTE =
  "Each run adds the cluster north to the stack of west and east, and removes it again. The demo's simple-backend runs in north alone meanwhile; a client asks for it " +
  "at the ingress gateways of west and of east, about four times a second, from the start of ./mesh up on.";
