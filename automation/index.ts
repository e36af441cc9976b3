/** The command as functions: `import { plan, up, upgrade, verify } from "usmesh/automation"`. */
export { plan, type PlanOptions } from "./plan";
export { up } from "./up";
export { upgrade, type UpgradeOptions } from "./upgrade";
export { verify, type VerifyOptions } from "./verify";
export type { StacksOptions } from "./where";
export type { DangerName } from "../cli/plan/danger-names";
export type { PlanReport } from "../cli/plan/report";
export type { UpReport } from "../cli/up/report";
export type { Wanted } from "../cli/upgrade/next";
export type { UpgradeReport } from "../cli/upgrade/report";
export type { Category } from "../cli/verify/finding";
export type { VerifyReport } from "../cli/verify/report/json";
export { MeshError } from "../lib/errors";
