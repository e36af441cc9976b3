import type { Clock } from "../../../../../cli/drill/clock";

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** Time that passes only while everybody sleeps, and then at once. */
export class FakeClock implements Clock {
  private time = 0;
  private readonly sleepers: Sleeper[] = [];
  private pumping = false;

  now(): number {
    return this.time;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(signal?.reason as Error);
      if (signal?.aborted) return abort();
      signal?.addEventListener("abort", abort, { once: true });
      const wake = (): void => {
        signal?.removeEventListener("abort", abort);
        resolve();
      };
      this.sleepers.push({ at: this.time + ms, wake });
      this.pump();
    });
  }

  /** Runs something at a moment. */
  at(ms: number, act: () => void): void {
    void this.sleep(ms - this.time).then(act);
  }

  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    // Everything that can go on without time passing goes on first.
    setImmediate(() => {
      this.pumping = false;
      const next = this.sleepers.reduce<Sleeper | undefined>((first, sleeper) => (first === undefined || sleeper.at < first.at ? sleeper : first), undefined);
      if (next === undefined) return;
      this.sleepers.splice(this.sleepers.indexOf(next), 1);
      this.time = Math.max(this.time, next.at);
      next.wake();
      if (this.sleepers.length > 0) this.pump();
    });
  }
}
