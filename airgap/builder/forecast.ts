import type { Lane, Step } from "./step";

/** Known seconds of the finished steps that it takes to tell this machine's pace. */
const MIN_SAMPLE_SECONDS = 30;

/** Limits of the pace. */
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
 * How much slower this machine is than the known seconds, judged by the steps that are finished (below 1: faster, for example because
 * caches are warm). 1 until enough is finished to tell.
 */
export function pace(finished: readonly Finished[]): number {
  const known = finished.reduce((sum, { step }) => sum + step.cost.seconds, 0);
  const taken = finished.reduce((sum, { seconds }) => sum + seconds, 0);
  if (known < MIN_SAMPLE_SECONDS) return 1;
  return Math.min(SLOWEST, Math.max(FASTEST, taken / known));
}

/**
 * Seconds that are left: those of the slower of the two lanes, from the known seconds of each step and the pace so far.
 *
 * @param waiting steps not yet started.
 * @param running steps that are being built.
 * @param finished steps built in this run.
 */
export function secondsLeft(waiting: readonly Step[], running: readonly Running[], finished: readonly Finished[]): number {
  const factor = pace(finished);
  const lanes: Record<Lane, number> = { processor: 0, light: 0 };
  for (const step of waiting) lanes[step.lane] += step.cost.seconds * factor;
  for (const { step, elapsed } of running) lanes[step.lane] += Math.max(1, step.cost.seconds * factor - elapsed);
  return Math.max(lanes.processor, lanes.light);
}

/** A duration for people: `48 s`, `9 min`, `1 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
