import type { Outcome } from "../../../../../cli/drill/measure";
import type { PairResult } from "../../../../../cli/drill/pair";
import type { Retries } from "../../../../../cli/drill/kinds";

/** A failure as a stream may have taken it: 5 of 600 requests failed. */
export function taken(change: Partial<Outcome> = {}): Outcome {
  return {
    status: "survived",
    before: { sent: 100, failed: 0, failures: {}, answers: { west: 100 } },
    during: { sent: 500, failed: 5, failures: { "500": 5 }, answers: { east: 495 } },
    after: { sent: 100, failed: 0, failures: {}, answers: { east: 40, west: 60 } },
    secondsToElsewhere: 0.31,
    secondsFailing: 0.2,
    secondsToBack: 30.5,
    failingAtTheEnd: false,
    ...change,
  } as Outcome;
}

/** What was found for west->east. */
export function foundFor(outcomes: Readonly<Record<string, Partial<Record<Retries, Outcome>>>>, failover: PairResult["failover"] = { outlierDetection: true, locality: true }): PairResult {
  const results = Object.entries(outcomes).map(([failure, streams]) => ({ failure, outcomes: new Map(Object.entries(streams)) })) as unknown as PairResult["results"];
  return { pair: { from: "west", to: "east" }, ...(failover === undefined ? {} : { failover }), results };
}
