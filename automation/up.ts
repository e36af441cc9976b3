import { upStacks } from "../cli/up/run";
import type { UpReport } from "../cli/up/report";
import { environmentOf, type StacksOptions } from "./where";

/**
 * Brings stacks up, in passes until every ordered pair of their clusters is wired: what `./mesh up` does. `pulumi`, and `kind` for kind clusters,
 * have to be on `PATH`. Progress is on standard error. Interrupted, it continues where it stopped when it is called again.
 *
 * @returns the clusters' addresses and the wired pairs; nothing in it is secret
 * @throws MeshError when settings are wrong, something is missing, or an `up` fails
 */
export async function up(options: StacksOptions): Promise<UpReport> {
  return upStacks(options.stacks, environmentOf(options));
}
