import { MeshError } from "../../lib/errors";
import type { Clock } from "./clock";
import { type Failure, NotPossibleError } from "./failure";
import { KINDS, type Retries } from "./kinds";
import type { Load } from "./load";
import { type Figures, figuresOf, type Moments, type Sides, type State, stateOf } from "./samples";

/** Milliseconds for which requests must have ended well before a failure is made, and after it is repaired. */
const STEADY_MS = 2000;
/** Milliseconds that this may take before the failure; and after which answers from both clusters count as how the mesh balances. */
const START_MS = 90_000;
const MIXED_MS = 15_000;
/** Milliseconds that it may take after the repair. Proxies leave out a backend for 30 seconds or more, by default. */
const BACK_MS = 120_000;
const POLL_MS = 100;

/** How a failure was taken by one stream. */
export type Outcome = Taken | NotTaken;

/** It was made, and measured. `reason`: with `down`, why. */
export type Taken = Figures & { readonly status: "survived" | "down"; readonly reason?: string };

/** It was not. */
export interface NotTaken {
  readonly status: "skipped" | "unknown";
  readonly reason: string;
}

/** What a failure is measured with. */
export interface Measuring {
  readonly failure: Failure;
  readonly sides: Sides;
  readonly load: Load;
  /** Whether the connection to the client was lost. */
  readonly lost: () => boolean;
  /** Called when all is as it should be, before the failure is made. */
  readonly steady: () => Promise<void>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** It cannot be measured: because of what came before the failure, or because making it went wrong. */
class NotMeasuredError extends Error {}

/**
 * Makes one failure under load, repairs it, and waits until all is as before. It is repaired whatever happens meanwhile.
 *
 * @returns an outcome for each stream of the load.
 * @throws the signal's reason when it is aborted; MeshError when the repair fails.
 */
export async function measure(measuring: Measuring): Promise<Map<Retries, Outcome>> {
  const { load } = measuring;
  const all = (outcome: Outcome): Map<Retries, Outcome> => new Map(load.streams.map((stream) => [stream, outcome]));
  load.start();
  try {
    const { moments, back } = await failAndRepair(measuring);
    await load.stop();
    if (measuring.lost()) return all({ status: "unknown", reason: "the connection to the client was lost" });
    return new Map(load.streams.map((stream) => [stream, judge(figuresOf(load.samples(stream), moments, measuring.sides), back)]));
  } catch (error) {
    if (error instanceof NotMeasuredError) return all({ status: "unknown", reason: error.message });
    if (error instanceof NotPossibleError) return all({ status: "skipped", reason: error.message });
    throw error;
  } finally {
    await load.stop();
  }
}

async function failAndRepair(measuring: Measuring): Promise<{ moments: Moments; back: boolean }> {
  const { failure, clock, signal } = measuring;
  const before = await steadyBefore(measuring);
  await measuring.steady();
  const failed = clock.now();
  let healed = failed;
  await madeAndRepaired(failure, async () => {
    await clock.sleep(Math.max(0, failed + KINDS[failure.name].holdSeconds * 1000 - clock.now()), signal);
    healed = clock.now();
  });
  return { moments: { failed, healed }, back: await steadyAfter(measuring, healed, before) };
}

/**
 * Makes the failure, and repairs it when `meanwhile` has ended, whatever it ended with.
 *
 * @throws MeshError when it cannot be repaired; what `meanwhile` throws; NotMeasuredError or NotPossibleError when it could not be made.
 */
async function madeAndRepaired(failure: Failure, meanwhile: () => Promise<void>): Promise<void> {
  try {
    await failure.make().catch((error: unknown) => {
      throw error instanceof NotPossibleError ? error : new NotMeasuredError(`it could not be made: ${messageOf(error)}`);
    });
    await meanwhile();
  } catch (error) {
    if (!(error instanceof NotPossibleError)) await repaired(failure);
    throw error;
  }
  await repaired(failure);
}

async function repaired(failure: Failure): Promise<void> {
  try {
    await failure.repair();
  } catch (error) {
    throw error instanceof MeshError ? error : new MeshError("drill-not-repaired", `the failure ${failure.name} could not be repaired: ${messageOf(error)}`, "The next ./mesh drill tries it again, and removes what is left.");
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Waits until all streams are answered by home alone. @returns the state of each: `mixed` where others still answer, too. */
async function steadyBefore({ load, sides, lost, clock, signal }: Measuring): Promise<State[]> {
  const start = clock.now();
  for (;;) {
    await clock.sleep(POLL_MS, signal);
    if (lost()) throw new NotMeasuredError("the connection to the client was lost");
    const now = clock.now();
    const states = statesOf(load, now, sides.home);
    if (now - start >= STEADY_MS && states.every((state) => state === "home")) return states;
    if (now - start >= MIXED_MS && states.every((state) => state === "home" || state === "mixed")) return states;
    if (now - start > START_MS) throw new NotMeasuredError(notSteady(load, states));
  }
}

/** Waits until each stream is as it was before the failure. @returns whether it came to that. */
async function steadyAfter({ load, sides, lost, clock, signal }: Measuring, healed: number, before: readonly State[]): Promise<boolean> {
  for (;;) {
    await clock.sleep(POLL_MS, signal);
    const now = clock.now();
    const states = statesOf(load, now, sides.home);
    if (now - healed >= STEADY_MS && states.every((state, stream) => state === "home" || state === before[stream])) return true;
    if (lost() || now - healed > BACK_MS) return false;
  }
}

function statesOf(load: Load, now: number, home: string): State[] {
  return load.streams.map((stream) => stateOf(load.samples(stream, now - STEADY_MS), home, (load.rate * STEADY_MS) / 2000));
}

function notSteady(load: Load, states: readonly State[]): string {
  const wait = `before the failure was made, within ${START_MS / 1000} s`;
  if (!states.includes("failing")) return `too few requests were answered ${wait}`;
  const last = load.streams.map((stream) => load.samples(stream).findLast(({ status }) => status !== 200)).find((sample) => sample !== undefined);
  return `requests failed ${wait} (${last?.status ? `the last with ${last.status}` : "the last without an answer"})`;
}

function judge(figures: Figures, back: boolean): Outcome {
  if (figures.failingAtTheEnd) return { status: "down", reason: "requests still failed when the failure was repaired", ...figures };
  if (!back) return { status: "down", reason: `not as before within ${BACK_MS / 1000} s of the repair`, ...figures };
  return { status: "survived", ...figures };
}
