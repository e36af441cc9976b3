/** Running other programs. */
import type { Options, Result } from "execa";

/**
 * Runs a program and waits for it; everything else is execa's.
 *
 * execa is an ES module whose dependencies cannot be required, and this package is CommonJS: it can only be imported
 * when it is needed.
 *
 * @throws execa's error when the program fails, unless `reject` is false
 */
export async function run<O extends Options>(file: string, args: readonly string[], options?: O): Promise<Result<O>> {
  const { execa } = await import("execa");
  return (await execa(file, args, options)) as unknown as Result<O>;
}
