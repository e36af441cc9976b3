import type { Lane, Step } from "./step";

/** What the schedule calls for each step. */
export interface Work {
  /** Builds a step. Throws when it fails. */
  build(step: Step): Promise<void>;
  /** Fetches what a step will need. Never throws. */
  prefetch(step: Step): Promise<void>;
}

/**
 * Builds steps: one of each lane at a time, each as soon as all that it needs is built, otherwise in the order given. While a step of the
 * `processor` lane is built, what the next one of that lane needs is fetched. After a failure no further step is started, but running
 * ones are finished, since their results are kept.
 *
 * @param steps those to build, each after all that it needs; needs that are not among them count as built.
 * @param work builds and fetches.
 * @param signal when it is aborted, no further step is started.
 * @throws the signal's reason when it was aborted; otherwise what the first failed step threw, after the others have ended.
 */
export async function schedule(steps: readonly Step[], work: Work, signal: AbortSignal): Promise<void> {
  const waiting = new Set(steps);
  const open = new Set(steps.map((step) => step.name));
  const busy = new Map<Lane, Promise<void>>();
  const fetched = new Map<Step, Promise<void>>();
  const failures: unknown[] = [];

  const prefetchNext = (): void => {
    const next = [...waiting].find((step) => step.lane === "processor" && step.prefetch && !fetched.has(step));
    if (next) fetched.set(next, work.prefetch(next));
  };
  const start = (step: Step): void => {
    waiting.delete(step);
    const built = (async () => {
      await fetched.get(step);
      if (step.lane === "processor") prefetchNext();
      await work.build(step);
      open.delete(step.name);
    })();
    busy.set(
      step.lane,
      built
        .catch((error: unknown) => {
          failures.push(error);
        })
        .finally(() => busy.delete(step.lane)),
    );
  };

  for (;;) {
    if (failures.length === 0 && !signal.aborted) {
      for (const step of waiting) {
        if (!busy.has(step.lane) && !step.needs.some((name) => open.has(name))) start(step);
      }
    }
    if (busy.size === 0) break;
    await Promise.race(busy.values());
  }
  await Promise.all(fetched.values());
  // An interrupted step fails because of the interruption: that is what to report.
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
