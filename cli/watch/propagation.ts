import { setTimeout as sleep } from "node:timers/promises";
import { freshPathTo } from "../verify/traffic/envoy";
import { attempt } from "../verify/gather/resources";
import { once } from "../verify/traffic/probers";
import type { Prober } from "./prober";

/** Milliseconds that a new endpoint may take to get its first request, and one that is gone to get none any more. */
const LIMIT_MS = 10_000;
/** Milliseconds from one request to the next while it is waited for. */
const STEP_MS = 20;
/** Milliseconds from one measurement to the next. */
const PAUSE_MS = 2000;

/** A cluster that waits for the endpoint of another one. */
export interface Waiting {
  readonly from: Prober;
  /** Whether requests of the pair are answered now. */
  readonly works: () => boolean;
  /** Is told the milliseconds until the first request; undefined when there was none in time. */
  readonly record: (ms: number | undefined) => void;
}

/** Makes a new endpoint in one cluster after the other, and measures how long the others take to send it a request, until the signal ends that. */
export async function measureAll(probers: readonly Prober[], waitingFor: (to: Prober) => readonly Waiting[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const to of probers) {
      if (signal.aborted) return;
      const waiting = waitingFor(to).filter(({ from, works }) => from.problem === undefined && works());
      if (to.problem === undefined && waiting.length > 0) await attempt(() => measure(to, waiting, signal));
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** One measurement. Pairs that stop working meanwhile are not counted: their requests say what is wrong. */
export async function measure(to: Prober, waiting: readonly Waiting[], signal: AbortSignal): Promise<void> {
  const ready = (await Promise.all(waiting.map(async (one) => ((await reaches(one.from, to, false, signal)) === undefined ? [] : [one])))).flat();
  if (ready.length === 0) return;
  try {
    await to.beEndpoint(true);
    await Promise.all(
      ready.map(async ({ from, works, record }) => {
        const ms = await reaches(from, to, true, signal);
        if (!signal.aborted && (ms !== undefined || works())) record(ms);
      }),
    );
  } finally {
    await to.beEndpoint(false);
  }
}

/**
 * Sends requests until they reach the new endpoint, or until they do not any more.
 *
 * @returns milliseconds that it took; undefined when it did not happen in time.
 */
async function reaches(from: Prober, to: Prober, wanted: boolean, signal: AbortSignal): Promise<number | undefined> {
  const started = performance.now();
  while (!signal.aborted && performance.now() - started < LIMIT_MS) {
    const answer = await attempt(() => once(from.port, freshPathTo(to.key), signal, LIMIT_MS));
    if (answer.ok && (answer.value.status === 200 && answer.value.servedBy === to.key) === wanted) return performance.now() - started;
    await sleep(STEP_MS, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
