/** Running other programs. */
import type { Options } from "execa";

/** How a program ended; the texts are without their last line's end. */
export interface Finished {
  /** Undefined when it never started, or a signal ended it. */
  exitCode?: number;
  stdout: string;
  stderr: string;
  /** Whether it did not end with 0. Only seen where `reject` is false. */
  failed: boolean;
  /** Whether `cancelSignal` ended it. */
  isCanceled: boolean;
  /** One line about the failure and what the program said of it. */
  message?: string;
}

/** Milliseconds after which a program counts as one that never ends: less than an integration test has, so that its output is seen. */
const TIMEOUT_MS = 280_000;

/**
 * Runs a program and waits for it; options and errors are execa's, texts come whole.
 *
 * execa is an ES module whose dependencies cannot be required, and this package is CommonJS: it can only be imported
 * when it is needed.
 *
 * @throws execa's error when the program fails, unless `reject` is false; in any case when it does not end in time, with what it has
 *   said until then. The limit is 280 s unless `timeout` is given.
 */
export async function run(file: string, args: readonly string[], options: Options = {}): Promise<Finished> {
  const { execa } = await import("execa");
  const result = await execa(file, args, { timeout: TIMEOUT_MS, ...options });
  // With `reject: false` what did not end in time would be one more failure that a test may expect.
  if (result.timedOut) throw new Error(result.message);
  return result as unknown as Finished;
}
