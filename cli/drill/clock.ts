import { setTimeout as wait } from "node:timers/promises";

/** Time, as the drill takes it; tests have one of their own. */
export interface Clock {
  /** Milliseconds since some moment; never set back. */
  now(): number;
  /** @throws the signal's reason once it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** This machine's. */
export const clock: Clock = {
  now: () => performance.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await wait(ms, undefined, { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
