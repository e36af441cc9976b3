import { setTimeout as sleep } from "node:timers/promises";
import type { Admission, NotStarted, Result, TrafficFacts } from "../facts";
import type { Target } from "../targets";
import { attempt } from "./resources";

/** Results of the requests that were sent. */
export interface TrafficAnswers {
  /** Between the clusters, keyed `from->to`. */
  readonly pairs: ReadonlyMap<string, Result<TrafficFacts | NotStarted>>;
  /** In plain text to a workload of each cluster that runs one, by the cluster's key. */
  readonly plaintext: ReadonlyMap<string, Result<Admission>>;
}

/** What runs requests between the clusters. @param created to be called once all that they need is created, and has to start */
export type Traffic = (targets: readonly Target[], created: () => void) => Promise<TrafficAnswers>;

/** Milliseconds for which the clusters are not read, so that what the requests need is created first: it takes longer to start than to read them. */
const HEAD_START_MS = 1000;

/** Starts the traffic. @returns what becomes of it, once what it needs is created, has failed, or has been waited for long enough */
export async function startTraffic(targets: readonly Target[], traffic: Traffic): Promise<{ readonly answers: Promise<TrafficAnswers> }> {
  let created = (): void => undefined;
  const isCreated = new Promise<void>((resolve) => (created = resolve));
  const answers = traffic(targets, created);
  // The answers are awaited last; a failure meanwhile must not count as unhandled.
  await Promise.race([isCreated, answers.catch(() => undefined), sleep(HEAD_START_MS, undefined, { ref: false })]);
  return { answers };
}

/** Runs the traffic; where it fails as a whole, every pair has the reason. */
export async function trafficOrReason(targets: readonly Target[], created: () => void, run: Traffic): Promise<TrafficAnswers> {
  const result = await attempt(() => run(targets, created));
  if (result.ok) return result.value;
  const pairs = targets.flatMap((a) => targets.filter((b) => b !== a).map((b) => [`${a.key}->${b.key}`, result] as const));
  return { pairs: new Map(pairs), plaintext: new Map(targets.map(({ key }) => [key, result])) };
}
