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

/**
 * Runs a program and waits for it; options and errors are execa's, texts come whole.
 *
 * execa is an ES module whose dependencies cannot be required, and this package is CommonJS: it can only be imported
 * when it is needed.
 *
 * @throws execa's error when the program fails, unless `reject` is false
 */
export async function run(file: string, args: readonly string[], options: Options = {}): Promise<Finished> {
  const { execa } = await import("execa");
  return (await execa(file, args, options)) as unknown as Finished;
}
