import { planMarkdown } from "../../../../../cli/plan/markdown";
import type { DangerName } from "../../../../../cli/plan/dangers";
import { reportOf, type PlanReport, type StackPlan } from "../../../../../cli/plan/report";
import { dangersOf } from "../../../../../cli/plan/stack-plan";

/** The report of plans with what is allowed. */
export function planOf(plans: readonly StackPlan[], allowed: readonly DangerName[] = [], warnings: readonly string[] = []): PlanReport {
  const dangers = plans.flatMap((plan) => dangersOf(plan, allowed));
  return reportOf(plans, dangers, warnings);
}

/** The comment of the same. */
export function markdownOf(...args: Parameters<typeof planOf>): string {
  return planMarkdown(planOf(...args));
}
