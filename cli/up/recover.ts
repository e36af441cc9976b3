import { repositoryRoot } from "../../lib/paths";
import { runner, type Runner } from "../../lib/process";
import type { PulumiCommands } from "../lib/pulumi";
import { say } from "../lib/say";
import { COMMAND, interruptedCreations, interruptedDeletions, type Deployment } from "../lib/state";
import { recordUnrecorded } from "./adopt";
import { removeContainer, unrecordedContainers } from "./containers";
import { endOrphans } from "./orphans";
import { repairForDown, repairForUp } from "./releases";

/** What the recovery does with a stack. */
export type RecoveryCommands = Pick<PulumiCommands, "unlock" | "export" | "import" | "refresh">;

/**
 * Makes a stack ready for `up` after a run that was killed: removes its lock, what it may have created without recording it and `up`
 * would not take over, and then the note of what it was doing.
 *
 * @returns what is recorded of the stack, secrets in plain text: never to be printed.
 * @throws MeshError when somebody is working on the stack.
 */
export async function recoverForUp(pulumi: RecoveryCommands, stack: string, env: NodeJS.ProcessEnv, programs: Runner = runner): Promise<Deployment> {
  const { deployment, isInterrupted } = await look(pulumi, stack, env, programs, "continuing from there");
  if (!isInterrupted) return deployment;
  // A deleted object must not count as existing. A token, for example, is never issued for a ServiceAccount that is missing.
  const deleted = interruptedDeletions(deployment);
  if (deleted.length > 0) await pulumi.refresh(stack, deleted);
  // With what is pending: it says which releases were being installed.
  await repairForUp(pulumi, stack);
  await pulumi.import(stack, await pulumi.export(stack));
  return deployment;
}

/**
 * Makes a stack ready for `down` after a run that was killed: as {@link recoverForUp}, but everything that the run may have created is removed,
 * or recorded so that it is deleted with the rest.
 *
 * @returns what is recorded of the stack, secrets in plain text: never to be printed.
 * @throws MeshError when somebody is working on the stack.
 */
export async function recoverForDown(pulumi: RecoveryCommands, stack: string, env: NodeJS.ProcessEnv, programs: Runner = runner): Promise<Deployment> {
  const { deployment, isInterrupted } = await look(pulumi, stack, env, programs, "removing what it may have created");
  if (!isInterrupted) return deployment;
  for (const { command, environment, stdin } of undoCommands(deployment)) {
    await programs.run("sh", ["-c", command], { cwd: repositoryRoot, env: { ...env, ...environment }, input: stdin });
  }
  const recorded = await recordUnrecorded(pulumi, stack, deployment);
  await repairForDown(pulumi, stack, recorded);
  return recorded;
}

/** How to undo what a command may have done. */
export interface UndoCommand {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: string;
}

/** How to undo the commands whose creation was interrupted, the last one first: each has a command that deletes what it creates. */
export function undoCommands(deployment: Deployment): UndoCommand[] {
  return interruptedCreations(deployment)
    .filter(({ type }) => type === COMMAND)
    .flatMap(({ inputs = {} }): UndoCommand[] => {
      if (typeof inputs.delete !== "string") return [];
      const environment = Object.entries(inputs.environment ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string");
      return [{ command: inputs.delete, environment: Object.fromEntries(environment), stdin: typeof inputs.stdin === "string" ? inputs.stdin : "" }];
    })
    .reverse();
}

/**
 * Reads a stack on which nobody works, secrets in plain text. Where a run of it was interrupted, says so, and removes the containers that the run
 * may have created without recording them.
 *
 * @param next what is said to be done about it.
 */
async function look(pulumi: RecoveryCommands, stack: string, env: NodeJS.ProcessEnv, programs: Runner, next: string): Promise<{ readonly deployment: Deployment; readonly isInterrupted: boolean }> {
  if (await pulumi.unlock(stack)) await endOrphans(env.PULUMI_BACKEND_URL ?? "");
  const { deployment } = await pulumi.export(stack, { showSecrets: true });
  const { pending_operations: { length: count } = [] } = deployment;
  if (count === 0) return { deployment, isInterrupted: false };
  say(`stack ${stack}: a previous run was interrupted while working on ${count} ${count === 1 ? "resource" : "resources"}; ${next}`);
  for (const container of unrecordedContainers(deployment)) await removeContainer(container, env, programs);
  return { deployment, isInterrupted: true };
}
