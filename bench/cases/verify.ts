import type { VerifyReport } from "../../cli/verify/report/json";
import type { BenchCase } from "../case";
import { STACK } from "../lib/bench-mesh";
import { succeeded } from "../lib/execute";
import { standingMesh } from "../standing-mesh";
import { median } from "../statistics";
import { ABOUT } from "./about";

/** Most seconds that `./mesh verify` is to take on two clusters, with its start. */
const GOAL_SECONDS = 8;

const SIDES = [
  { side: "with traffic", args: [] },
  { side: "without traffic", args: ["--no-traffic"] },
] as const;

/** `./mesh verify` of the standing mesh as a process, with its start. A run that finds something wrong fails. */
export const verify: BenchCase = {
  name: "verify",
  ...ABOUT.verify,
  async run(context) {
    const { runs, say, signal } = context;
    const mesh = await standingMesh(context);
    const taken = SIDES.map((one) => ({ ...one, whole: [] as number[], checks: [] as number[] }));
    for (let index = 1; index <= runs; index += 1) {
      say(`verify: run ${index} of ${runs}`);
      for (const { side, args, whole, checks } of taken) {
        const ended = succeeded(`./mesh verify ${side}`, await mesh.mesh("verify", STACK, "--json", ...args), signal);
        whole.push(ended.seconds);
        checks.push((JSON.parse(ended.stdout) as VerifyReport).seconds);
      }
    }
    const series = (["whole", "checks"] as const).flatMap((which) =>
      taken.map((one) => ({ name: which === "whole" ? "./mesh verify of two clusters, with its start" : "the checks alone", side: one.side, unit: "s" as const, values: one[which] })),
    );
    const goal = { name: "./mesh verify with traffic, with its start", actual: median(taken[0]!.whole), atMost: GOAL_SECONDS, unit: "s" as const };
    return { series, goals: [goal], notes: ["Two clusters, two ordered pairs, with the demo's workloads."] };
  },
};
