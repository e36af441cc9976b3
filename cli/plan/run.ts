import { asMeshError, EXIT, MeshError } from "../../lib/errors";
import { see } from "../../lib/troubleshooting";
import { readModel } from "../lib/model";
import { NEEDS } from "../lib/needs";
import type { Pulumi } from "../lib/pulumi";
import { say } from "../lib/say";
import { openSession, pulumiOf, type Session } from "../lib/session";
import { setUp } from "../lib/set-up";
import { stackFiles } from "../lib/stacks";
import type { DangerName } from "./danger-names";
import { dangersOf } from "./dangers";
import { planMarkdown } from "./markdown";
import { Planner } from "./planner";
import { reportOf, type PlanReport, type StackPlan } from "./report";
import { planText } from "./text";

/** Options of `./mesh plan`. */
export interface PlanOptions {
  /** Whether every stack that has a file is planned. */
  readonly all?: boolean;
  readonly json?: boolean;
  readonly markdown?: boolean;
  /** Dangers that are intended. */
  readonly allow: readonly DangerName[];
}

/**
 * What `./mesh plan` does.
 *
 * @returns the exit code.
 */
export async function runPlan(names: readonly string[], options: PlanOptions): Promise<number> {
  const report = await planStacks(names, options);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : options.markdown ? planMarkdown(report) : `${planText(report, process.stdout.isTTY)}\n`);
  return report.exitCode;
}

/**
 * Plans stacks, and prints nothing but progress.
 *
 * @param names names of stacks; `local` when there are none.
 * @param env the user's environment. Default: the process's own.
 */
export async function planStacks(names: readonly string[], options: Pick<PlanOptions, "all" | "allow">, env: NodeJS.ProcessEnv = process.env): Promise<PlanReport> {
  const files = stackFiles(env).names();
  const stacks = options.all ? files : [...new Set(names.length > 0 ? names : ["local"])];
  stackFiles(env).require(stacks);
  const session = await openSession(stacks, env);
  const pulumi = pulumiOf(session, true);
  const known = canBePlanned(session, stacks) ? await setUpAndList(session, pulumi) : [];
  const planner = new Planner(session, pulumi, known);
  const plans: StackPlan[] = [];
  for (const stack of stacks) {
    say(`previewing stack ${stack}`);
    plans.push(await planner.plan(stack));
  }
  const dangers = plans.flatMap((plan) => dangersOf(plan, options.allow));
  return reportOf(plans, dangers, options.all ? known.filter((stack) => !files.includes(stack)).map(abandoned) : []);
}

/** Whether the settings of at least one stack are valid. If not, nothing has to be set up. */
function canBePlanned(session: Session, stacks: readonly string[]): boolean {
  return stacks.some((stack) => {
    try {
      return readModel(session, stack) !== undefined;
    } catch (error) {
      if (error instanceof MeshError) return false;
      throw error;
    }
  });
}

/** Names of the stacks that the backend knows. */
async function setUpAndList(session: Session, pulumi: Pulumi): Promise<string[]> {
  await setUp(session, NEEDS.preview);
  return pulumi.list();
}

function abandoned(stack: string): string {
  return `stack ${stack} is in the state and has no file Pulumi.${stack}.yaml: nothing happens to it. To remove it: restore its file, then pulumi destroy -s ${stack}${see("plan-abandoned-stack")}`;
}

/** A failure that says why nothing could be planned. Exit code 1 is reserved for dangers. */
export function unplanned(failure: unknown): MeshError {
  const error = asMeshError(failure);
  if (error.exitCode !== EXIT.failed) return error;
  return Object.assign(new MeshError(error.section, error.message, error.hint, EXIT.unusable), { stack: error.stack });
}
