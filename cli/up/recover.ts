import { repositoryRoot } from "../../lib/paths";
import { run } from "../../lib/process";
import type { Deployment, Pulumi } from "../lib/pulumi";
import { say } from "../lib/say";
import { COMMAND, removeContainer, unrecordedContainers } from "./containers";
import { recordUnrecorded } from "./adopt";
import { endOrphans } from "./orphans";
import { repairForDown, repairForUp } from "./releases";

/** What comes after the recovery: `up` makes again what was cut off, `down` has no more use for it. */
export type Next = "up" | "down";

/**
 * Makes a stack ready to go on after a run that was killed: takes its lock away, then what it may have made without recording it,
 * as far as what comes next would not, and then the records of what it was at.
 *
 * @returns what is recorded of the stack.
 * @throws MeshError when somebody works on the stack right now.
 */
export async function recover(pulumi: Pulumi, stack: string, env: NodeJS.ProcessEnv, next: Next): Promise<Deployment> {
  if (await pulumi.unlock(stack)) await endOrphans(env.PULUMI_BACKEND_URL ?? "");
  const exported = await pulumi.export(stack);
  const pending = exported.deployment.pending_operations ?? [];
  if (pending.length === 0) return exported.deployment;
  say(`stack ${stack}: a run before was cut off while at work on ${pending.length} resources; ${next === "up" ? "going on from there" : "taking away what it may have made of them"}`);
  for (const container of unrecordedContainers(exported.deployment)) await removeContainer(container, env);
  if (next === "down") {
    for (const { command, environment, stdin } of cutOffCommands(exported.deployment)) {
      await run("sh", ["-c", command], { cwd: repositoryRoot, env: { ...env, ...environment }, input: stdin });
    }
    await recordUnrecorded(pulumi, stack);
    await repairForDown(pulumi, stack);
  } else {
    // With what is pending: it says which releases were being installed.
    await repairForUp(pulumi, stack);
    await pulumi.import(stack, await pulumi.export(stack));
  }
  return exported.deployment;
}

/** How to undo what a command may have done. */
export interface Undoing {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: string;
}

/** How to undo the commands whose creation was cut off, the last one first: each names what deletes what it creates. */
export function cutOffCommands(deployment: Deployment): Undoing[] {
  return (deployment.pending_operations ?? [])
    .filter(({ type, resource }) => type === "creating" && resource.type === COMMAND)
    .flatMap(({ resource: { inputs = {} } }): Undoing[] => {
      if (typeof inputs.delete !== "string") return [];
      const environment = Object.entries(inputs.environment ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string");
      return [{ command: inputs.delete, environment: Object.fromEntries(environment), stdin: typeof inputs.stdin === "string" ? inputs.stdin : "" }];
    })
    .reverse();
}
