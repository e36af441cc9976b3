import { EXIT, MeshError } from "../lib/errors";
import { say } from "../lib/say";
import { openSession, pulumiOf } from "../lib/session";
import { setUp } from "../lib/set-up";
import { planMarkdown } from "./markdown";
import { Planner } from "./planner";
import { reportOf, type DangerName, type StackPlan } from "./report";
import { dangersOf } from "./stack-plan";
import { planText } from "./text";

/** Options of `./mesh plan`. */
export interface PlanOptions {
  /** Whether every stack that has a file is planned. */
  readonly all?: boolean;
  readonly json?: boolean;
  readonly markdown?: boolean;
  /** What is meant although it is dangerous. */
  readonly allow: readonly DangerName[];
}

/**
 * What `./mesh plan` does.
 *
 * @returns the exit code.
 */
export async function runPlan(names: readonly string[], options: PlanOptions): Promise<number> {
  const session = await openSession();
  const files = session.stacks.names();
  const stacks = options.all ? files : [...new Set(names.length > 0 ? names : ["local"])];
  session.stacks.require(stacks);
  await setUp(session, { engine: false });
  const pulumi = pulumiOf(session, true);
  const known = await pulumi.list();
  const planner = new Planner(session, pulumi, known);
  const plans: StackPlan[] = [];
  for (const stack of stacks) {
    say(`previewing stack ${stack}`);
    plans.push(await planner.plan(stack));
  }
  const dangers = plans.flatMap((plan) => dangersOf(plan, options.allow));
  const report = reportOf(plans, dangers, options.all ? known.filter((stack) => !files.includes(stack)).map(abandoned) : []);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : options.markdown ? planMarkdown(report) : `${planText(report, process.stdout.isTTY)}\n`);
  return report.exitCode;
}

function abandoned(stack: string): string {
  return `stack ${stack} is in the state and has no file Pulumi.${stack}.yaml: nothing happens to it. To take it away: pulumi destroy -s ${stack}, before its file goes`;
}

/** A failure as the reason why nothing could be planned: exit code 1 is for what is dangerous. */
export function unplanned(failure: unknown): unknown {
  if (failure instanceof MeshError) return failure.exitCode === EXIT.failed ? new MeshError(failure.message, failure.hint, EXIT.unusable) : failure;
  const error = failure instanceof Error ? failure : new Error(String(failure));
  const plain = new MeshError(error.message, "This is not expected; MESH_DEBUG=1 shows where it comes from.", EXIT.unusable);
  return Object.assign(plain, { stack: error.stack });
}
