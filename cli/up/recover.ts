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
  await unlock(pulumi, stack, env);
  const { deployment } = await pulumi.export(stack, { showSecrets: true });
  if (pendingCount(deployment) === 0) return deployment;
  say(`${interrupted(stack, deployment)}; continuing from there`);
  await removeContainers(deployment, env, programs);
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
  await unlock(pulumi, stack, env);
  const { deployment } = await pulumi.export(stack, { showSecrets: true });
  if (pendingCount(deployment) === 0) return deployment;
  say(`${interrupted(stack, deployment)}; removing what it may have created`);
  await removeContainers(deployment, env, programs);
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

async function unlock(pulumi: RecoveryCommands, stack: string, env: NodeJS.ProcessEnv): Promise<void> {
  if (await pulumi.unlock(stack)) await endOrphans(env.PULUMI_BACKEND_URL ?? "");
}

async function removeContainers(deployment: Deployment, env: NodeJS.ProcessEnv, programs: Runner): Promise<void> {
  for (const container of unrecordedContainers(deployment)) await removeContainer(container, env, programs);
}

function pendingCount({ pending_operations: pending = [] }: Deployment): number {
  return pending.length;
}

function interrupted(stack: string, deployment: Deployment): string {
  const count = pendingCount(deployment);
  return `stack ${stack}: a previous run was interrupted while working on ${count} ${count === 1 ? "resource" : "resources"}`;
}
