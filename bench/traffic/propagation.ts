/** How long a new endpoint takes to get its first request, by what `./mesh watch` measures it with. */
import { setTimeout as sleep } from "node:timers/promises";
import { measure, type Waiting } from "../../cli/watch/propagation";
import type { Prober } from "../../cli/watch/prober";
import type { Series } from "../case";

/** Milliseconds from one measurement to the next, as in `watch`: the change before has been forgotten by then. */
const PAUSE_MS = 2000;

/** What a measurement is made of; tests replace it. */
const PARTS = { measure, sleep: (ms: number, signal: AbortSignal): Promise<unknown> => sleep(ms, undefined, { signal }) };
export type PropagationParts = typeof PARTS;

/**
 * Makes a new endpoint in one cluster after the other, so many times in each, while the other one asks for it.
 *
 * @param probers two of them, which are ready.
 * @returns a series in milliseconds for each direction.
 * @throws Error when an endpoint got no request in time: then there is no figure.
 */
export async function propagationSeries(probers: readonly [Prober, Prober], times: number, signal: AbortSignal, parts: PropagationParts = PARTS): Promise<Series[]> {
  const [west, east] = probers;
  const directions = [
    { from: west, to: east, values: [] as number[] },
    { from: east, to: west, values: [] as number[] },
  ];
  for (let time = 0; time < times; time += 1) {
    for (const { from, to, values } of directions) {
      values.push(await once(from, to, signal, parts));
      await parts.sleep(PAUSE_MS, signal);
    }
  }
  return directions.map(({ from, to, values }) => ({ name: `new endpoint in ${to.key}, first request from ${from.key}`, side: "usmesh", unit: "ms", values }));
}

async function once(from: Prober, to: Prober, signal: AbortSignal, parts: PropagationParts): Promise<number> {
  const seen: (number | undefined)[] = [];
  const waiting: Waiting = { from, works: () => true, record: (ms) => seen.push(ms) };
  await parts.measure(to, [waiting], signal);
  signal.throwIfAborted();
  const [ms] = seen;
  if (ms === undefined) {
    throw new Error(seen.length === 0 ? `${from.key} still reached the endpoint in ${to.key} that was taken away` : `the new endpoint in ${to.key} got no request from ${from.key} in time`);
  }
  return Math.round(ms);
}
