import { setTimeout as sleep } from "node:timers/promises";
import { pathTo } from "../verify/traffic/envoy";
import { once } from "../verify/traffic/probers";
import { outcomeOf, TIMEOUT_SECONDS, unasked } from "./outcome";
import type { Prober } from "./prober";
import type { Outcome } from "./statistics";

/** Milliseconds after which the connection to the test workload, and not the mesh, counts as what does not answer. */
const PATIENCE_MS = TIMEOUT_SECONDS * 1000 + 1500;
/** Requests of a pair that are in flight at the same time. */
const MAX_PENDING = 8;
/** Milliseconds in which a new test workload may become known to the other clusters. Until then a failure says nothing about the pair. */
const SETTLE_MS = 10_000;

/**
 * Sends a request from one cluster to another at every interval, whether or not the one before has been answered, until the signal ends that.
 *
 * @param record is told how each ended.
 */
export async function askPair(from: Prober, to: Prober, intervalMs: number, signal: AbortSignal, record: (outcome: Outcome) => void): Promise<void> {
  const pending = new Set<Promise<void>>();
  let answeredAt = -Infinity;
  while (!signal.aborted) {
    if (pending.size < MAX_PENDING) {
      const one = ask(from, to, signal).then((outcome) => {
        pending.delete(one);
        if (signal.aborted) return;
        const newest = from.readySince > to.readySince ? from : to;
        if (outcome.kind === "answered") answeredAt = performance.now();
        const settles = answeredAt < newest.readySince && performance.now() - newest.readySince < SETTLE_MS;
        record(outcome.kind === "failed" && settles ? unasked(newest.key, new Error("the test workload is not known to all clusters yet")) : outcome);
      });
      pending.add(one);
    }
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(pending);
}

async function ask(from: Prober, to: Prober, signal: AbortSignal): Promise<Outcome> {
  const unwell = [from, to].find(({ problem }) => problem !== undefined);
  if (unwell) return unasked(unwell.key, unwell.problem);
  try {
    return outcomeOf(await once(from.port, pathTo(to.key), signal, PATIENCE_MS), to.key);
  } catch (error) {
    return unasked(from.key, error);
  }
}
