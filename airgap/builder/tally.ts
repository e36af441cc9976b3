import { secondsLeft, type Finished } from "./forecast";
import type { Step } from "./step";

/** Keeps count of a build: which steps wait, which are running since when, which are done. */
export class Tally {
  private readonly waiting: Set<Step>;
  private readonly running = new Map<Step, number>();
  private readonly built: Finished[] = [];
  private begun = 0;
  private ended = 0;

  /**
   * @param steps those to build.
   * @param ready number of pieces that are already ready.
   * @param now the clock, in milliseconds.
   */
  constructor(
    steps: readonly Step[],
    private readonly ready: number,
    private readonly now: () => number = Date.now,
  ) {
    this.waiting = new Set(steps);
  }

  /** A step starts. @returns its position among all pieces, from 1. */
  start(step: Step): number {
    this.waiting.delete(step);
    this.running.set(step, this.now());
    this.begun += 1;
    return this.ready + this.begun;
  }

  /** A step ended; `seconds` when it was built, undefined when it turned out to be ready. */
  finish(step: Step, seconds?: number): void {
    this.running.delete(step);
    this.ended += 1;
    if (seconds !== undefined) this.built.push({ step, seconds });
  }

  /** A step failed. */
  fail(step: Step): void {
    this.running.delete(step);
  }

  /** Number of pieces that are ready by now. */
  get done(): number {
    return this.ready + this.ended;
  }

  /** The steps built so far, in the order in which they ended. */
  get made(): readonly Step[] {
    return this.built.map(({ step }) => step);
  }

  /** Estimated seconds until all are done. */
  left(): number {
    const running = [...this.running].map(([step, since]) => ({ step, elapsed: (this.now() - since) / 1000 }));
    return secondsLeft([...this.waiting], running, this.built);
  }
}
