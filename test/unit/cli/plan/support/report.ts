import type { DangerName } from "../../../../../cli/plan/danger-names";
import { dangersOf } from "../../../../../cli/plan/dangers";
import { reportOf, type PlanReport, type StackPlan } from "../../../../../cli/plan/report";
import { waitingPlan } from "../../../../../cli/plan/stack-plan";
import { facts, settings } from "./facts";

/** The report on plans, with the dangers that are allowed. */
export function reportOn(plans: readonly StackPlan[], allowed: readonly DangerName[] = [], warnings: readonly string[] = []): PlanReport {
  const dangers = plans.flatMap((plan) => dangersOf(plan, allowed));
  return reportOf(plans, dangers, warnings);
}

/** The plan of a stack that waits. */
export const WAITING = waitingPlan({ ...facts(settings(["north"]), []), resources: undefined }, "first west");
