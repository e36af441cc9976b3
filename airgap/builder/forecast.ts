import type { Lane, Step } from "./step";

/** Seconds of finished steps before the pace of this machine is believed. */
const BELIEVABLE_SECONDS = 30;

/** How far the pace may lead away from the known seconds, either way. */
const SLOWEST = 4;
const FASTEST = 0.1;

/** A step that is being built. */
export interface Running {
  readonly step: Step;
  /** Seconds since it was started. */
  readonly elapsed: number;
}

/** A step that has been built in this run. */
export interface Finished {
  readonly step: Step;
  /** Seconds it took. */
  readonly seconds: number;
}

/**
 * How much slower than the known seconds this machine is, by what has been finished so far (below 1: faster, for example because
 * caches are warm). 1 until enough has been finished to tell.
 */
export function pace(finished: readonly Finished[]): number {
  const known = finished.reduce((sum, { step }) => sum + step.cost.seconds, 0);
  const taken = finished.reduce((sum, { seconds }) => sum + seconds, 0);
  if (known < BELIEVABLE_SECONDS) return 1;
  return Math.min(SLOWEST, Math.max(FASTEST, taken / known));
}

/**
 * Seconds that are left: the longer of the two lanes, from the known seconds of each step and the pace so far.
 *
 * @param waiting steps not yet started.
 * @param running steps under way.
 * @param finished steps built in this run.
 */
export function secondsLeft(waiting: readonly Step[], running: readonly Running[], finished: readonly Finished[]): number {
  const factor = pace(finished);
  const lanes: Record<Lane, number> = { processor: 0, light: 0 };
  for (const step of waiting) lanes[step.lane] += step.cost.seconds * factor;
  for (const { step, elapsed } of running) lanes[step.lane] += Math.max(1, step.cost.seconds * factor - elapsed);
  return Math.max(lanes.processor, lanes.light);
}

/** Seconds as a person says them: `48 s`, `9 min`, `1 h 5 min`. */
export function spoken(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
