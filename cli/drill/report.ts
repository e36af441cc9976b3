import { z } from "zod";
import { EXIT } from "../../lib/errors";
import { type FailureName, FAILURES, type Pair, RETRIES, type Retries, sidesOf } from "./kinds";
import type { Outcome } from "./measure";
import type { PairResult } from "./pair";

/** Raised whenever a field is removed or changes its meaning. A new field, failure or status does not raise it. */
export const DRILL_REPORT_VERSION = 1;

const counts = z.strictObject({
  sent: z.int(),
  failed: z.int(),
  /** Those that failed, by HTTP status; `0` without an answer. */
  failures: z.record(z.string(), z.int()),
  /** Answers with 200, by key of the cluster whose backend gave them. */
  answers: z.record(z.string(), z.int()),
});

/** Seconds to a hundredth; null where there is no such moment. */
const seconds = z.number().nullable();

const measured = z.strictObject({
  failure: z.enum(FAILURES),
  retries: z.enum(RETRIES),
  /** `survived`: requests no longer failed at the end of the failure, and all was as before after its repair; `down`: not so. */
  status: z.enum(["survived", "down"]),
  /** With `down`: why. */
  reason: z.string().optional(),
  /** Key of the cluster that answered before the failure. */
  home: z.string(),
  /** Key of the cluster that could answer instead; null where no other has the service. */
  elsewhere: z.string().nullable(),
  /** Requests from the failure on, until all was as before. */
  sent: z.int(),
  failed: z.int(),
  /** From the failure to the first answer from elsewhere. Null also where answers came from there before. */
  secondsToElsewhere: seconds,
  /** From the failure to the end of the last request that failed. */
  secondsFailing: seconds,
  /** From the repair to the first answer from home; null where home never stopped to answer. */
  secondsToBack: seconds,
  /** The requests that ended before the failure; those from then on that were sent before its repair; and those sent after it. */
  phases: z.strictObject({ before: counts, during: counts, after: counts }),
});

const unmeasured = z.strictObject({
  failure: z.enum(FAILURES),
  retries: z.enum(RETRIES),
  /** `skipped`: cannot be made in these clusters; `unknown`: was not measured. */
  status: z.enum(["skipped", "unknown"]),
  reason: z.string(),
});

/** What `./mesh drill --json` prints: one object. */
export const drillReport = z.strictObject({
  version: z.literal(DRILL_REPORT_VERSION),
  /** RFC 3339 time at which the run started. */
  time: z.iso.datetime(),
  /** Seconds that the run took. */
  seconds: z.number(),
  /** Requests a second, of each stream. */
  rate: z.number(),
  pairs: z.array(
    z.strictObject({
      /** Key of the cluster that the requests come from. */
      from: z.string(),
      to: z.string(),
      /** How the mesh fails over, as the client's proxy knows it; null where that was not read. */
      failover: z.strictObject({ outlierDetection: z.boolean(), locality: z.boolean() }).nullable(),
      results: z.array(z.discriminatedUnion("status", [measured, unmeasured])),
    }),
  ),
  /** What could not be removed, a message each. The next drill tries it again. */
  left: z.array(z.string()),
  /** The process's exit code: 0 every failure that was made was survived, 1 one was not or could not be measured, or something is left; 2 none could be made. */
  exitCode: z.union([z.literal(EXIT.ok), z.literal(EXIT.failed), z.literal(EXIT.unusable)]),
});

export type DrillReport = z.infer<typeof drillReport>;
export type ReportedPair = DrillReport["pairs"][number];
export type ReportedResult = ReportedPair["results"][number];

/** The report of a run. @param time RFC 3339. @param took seconds. @param left what could not be removed. */
export function reportOf(pairs: readonly PairResult[], rate: number, time: string, took: number, left: readonly string[] = []): DrillReport {
  const reported = pairs.map(pairOf);
  const exitCode = left.length > 0 ? EXIT.failed : exitCodeOf(reported.flatMap(({ results }) => results));
  return { version: DRILL_REPORT_VERSION, time, seconds: Math.round(took * 10) / 10, rate, pairs: reported, left: [...left], exitCode };
}

function pairOf({ pair, failover, results }: PairResult): ReportedPair {
  const all = results.flatMap(({ failure, outcomes }) => [...outcomes].map(([retries, outcome]) => resultOf(failure, retries, outcome, pair)));
  return { ...pair, failover: failover === undefined ? null : { ...failover }, results: all };
}

function resultOf(failure: FailureName, retries: Retries, outcome: Outcome, pair: Pair): ReportedResult {
  if (!("during" in outcome)) return { failure, retries, ...outcome };
  const { status, reason, before, during, after, secondsToElsewhere, secondsFailing, secondsToBack } = outcome;
  const { home, elsewhere } = sidesOf(failure, pair);
  return {
    failure,
    retries,
    status,
    ...(reason === undefined ? {} : { reason }),
    home,
    elsewhere: elsewhere ?? null,
    sent: during.sent + after.sent,
    failed: during.failed + after.failed,
    secondsToElsewhere: secondsToElsewhere ?? null,
    secondsFailing: secondsFailing ?? null,
    secondsToBack: secondsToBack ?? null,
    phases: { before, during, after },
  };
}

function exitCodeOf(results: readonly ReportedResult[]): DrillReport["exitCode"] {
  if (results.some(({ status }) => status === "down" || status === "unknown")) return EXIT.failed;
  return results.some(({ status }) => status === "survived") ? EXIT.ok : EXIT.unusable;
}
