import type { DangerName } from "../cli/plan/danger-names";
import type { PlanReport } from "../cli/plan/report";
import { planStacks } from "../cli/plan/run";
import { environmentOf, type StacksOptions } from "./where";

export interface PlanOptions extends StacksOptions {
  /** Dangers that are intended. The report still names them. Default: none. */
  readonly allow?: readonly DangerName[];
}

/**
 * Says what `up` would do to the mesh, and changes nothing: what `./mesh plan` does. `pulumi` has to be on `PATH`. Progress is on standard error.
 *
 * @returns the plan; a stack that cannot be planned says why, and `exitCode` is 0 when nothing is dangerous that is not allowed
 * @throws MeshError when a stack has no file, or something is missing
 */
export async function plan(options: PlanOptions): Promise<PlanReport> {
  return planStacks(options.stacks, { allow: options.allow ?? [] }, environmentOf(options));
}
