import type { Clock } from "./clock";
import type { Retries } from "./kinds";
import type { Sample } from "./samples";

/** What came back: an HTTP status, 0 without an answer, and the key of the cluster whose backend answered. */
export type Answer = Pick<Sample, "status" | "servedBy">;

/** Sends one request of a stream. Never rejects: no answer is an answer too. */
export type Send = (retries: Retries) => Promise<Answer>;

/** What is due for longer is left out: sent all at once, it would be another load than the one asked for. */
const LATE_MS = 250;

/** Sends requests at a steady rate, whether or not earlier ones have ended, and keeps what became of them. */
export class Load {
  private readonly ended: Sample[] = [];
  private readonly pending = new Set<Promise<void>>();
  private running: Promise<void> | undefined;
  private stopping = false;

  /**
   * @param streams each gets `rate` requests a second.
   */
  constructor(
    private readonly send: Send,
    readonly streams: readonly Retries[],
    readonly rate: number,
    private readonly clock: Clock,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Sends no more, and waits for the answers to what was sent. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
    await Promise.all(this.pending);
  }

  /**
   * The requests of one stream that have ended, in the order in which they did.
   *
   * @param from only those that have ended since then, in milliseconds of the clock. Default: all.
   */
  samples(stream: Retries, from = -Infinity): Sample[] {
    const before = this.ended.findLastIndex(({ ended }) => ended < from);
    return this.ended.slice(before + 1).filter(({ retries }) => retries === stream);
  }

  private async run(): Promise<void> {
    let next = this.clock.now();
    while (!this.stopping) {
      const now = this.clock.now();
      next = Math.max(next, now - LATE_MS);
      for (; next <= now; next += 1000 / this.rate) this.streams.forEach((stream) => this.one(stream));
      await this.clock.sleep(Math.max(1, next - now));
    }
  }

  private one(retries: Retries): void {
    const sent = this.clock.now();
    const done = this.send(retries).then((answer) => {
      this.ended.push({ retries, sent, ended: this.clock.now(), ...answer });
      this.pending.delete(done);
    });
    this.pending.add(done);
  }
}
