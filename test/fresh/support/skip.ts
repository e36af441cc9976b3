import type { Context } from "mocha";

/** Skips the test, or in a hook every test of the suite, and says why. */
export function skipBecause(context: Context, reason: string): void {
  process.stderr.write(`    skipped: ${reason}\n`);
  context.skip();
}
