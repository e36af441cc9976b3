import type { z } from "zod";
import { meshOutputs } from "../../outputs/contract";
import { EXIT, MeshError } from "../../lib/errors";
import { NEEDS } from "../lib/needs";
import { openSession, pulumiOf, type Session } from "../lib/session";
import { setUp } from "../lib/set-up";
import { notUp, requireAmong, upCommand } from "./up-stacks";
import { type Target, targetsFromKubeconfigs } from "./targets";

/**
 * The clusters of stacks that are up, by key. Sets Pulumi up where it is missing, and nothing else.
 *
 * @throws MeshError for a stack that does not exist, is not up, or belongs to another version of this program.
 */
export async function targetsFromStacks(stacks: readonly string[], timeoutMs: number): Promise<Target[]> {
  const { outputs } = await outputsOfStacks(stacks, meshOutputs.pick({ version: true, kubeconfigs: true }));
  return targetsFromKubeconfigs(outputs.flatMap(({ kubeconfigs }) => Object.entries(kubeconfigs)), timeoutMs);
}

/**
 * What stacks that are up export, in their order, and the session in which that was read. Sets Pulumi up where it is missing, and nothing else.
 *
 * @param shape the part of the outputs that is needed.
 * @throws MeshError as {@link targetsFromStacks}.
 */
export async function outputsOfStacks<T>(stacks: readonly string[], shape: z.ZodType<T>): Promise<{ readonly session: Session; readonly outputs: T[] }> {
  const session = await openSession();
  await setUp(session, NEEDS.state);
  const pulumi = pulumiOf(session, true);
  requireAmong(stacks, await pulumi.list());
  return { session, outputs: await Promise.all(stacks.map(async (stack) => parsed(stack, stacks, shape, await pulumi.outputs(stack)))) };
}

function parsed<T>(stack: string, stacks: readonly string[], shape: z.ZodType<T>, outputs: unknown): T {
  if (Object.keys(outputs as object).length === 0) throw notUp([stack], stacks);
  const result = shape.safeParse(outputs);
  if (result.success) return result.data;
  throw new MeshError("outputs-version", `the outputs of stack ${stack} are not those of this version of usmesh`, `Bring it up again: ${upCommand(stacks)}`, EXIT.unusable);
}
