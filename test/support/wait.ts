import { inspect } from "node:util";

/** How long and how often is looked. */
export interface WaitOptions {
  /** Milliseconds until the wait has failed; 60 000 unless given. */
  readonly timeoutMs?: number;
  /** Milliseconds between two looks; 50 unless given. */
  readonly intervalMs?: number;
  /** What the error adds about what was seen last; the value that `look` gave unless given. */
  readonly seen?: () => unknown;
}

type Truthy<T> = Exclude<T, false | 0 | "" | null | undefined>;

/**
 * Waits until a look gives something truthy.
 *
 * @param what what is waited for, to go on after "waited for".
 * @returns what the look gave.
 * @throws Error when the time is over, with what was waited for and what was seen last; what `look` throws at once.
 */
export async function until<T>(what: string, look: () => T | Promise<T>, { timeoutMs = 60_000, intervalMs = 50, seen }: WaitOptions = {}): Promise<Truthy<T>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await look();
    if (value) return value as Truthy<T>;
    if (Date.now() >= deadline) {
      const last = seen ? seen() : value;
      throw new Error(`waited ${timeoutMs / 1000} s for ${what}; last seen: ${typeof last === "string" ? last : inspect(last)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
