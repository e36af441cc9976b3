import type { z } from "zod";
import { EXIT, MeshError } from "../../lib/errors";
import { NEEDS } from "../lib/needs";
import { openSession, pulumiOf, type Session } from "../lib/session";
import { setUp } from "../lib/set-up";
import { type Deployment, kubeconfigsByCluster, outputsIn } from "../lib/state";
import { notUp, requireAmong, upCommand } from "./up-stacks";
import type { Target } from "./targets";

/** Part of what a stack exports, and the administrators' kubeconfigs of its clusters by key, whether or not it exports them. */
export type StackOutputs<T> = T & { readonly kubeconfigs: Readonly<Record<string, string>> };

/**
 * The clusters of stacks that are up, by key. Sets Pulumi up where it is missing, and nothing else.
 *
 * @param timeoutMs milliseconds after which a single request to a cluster is given up.
 * @param env the user's environment. Default: the process's own.
 * @param meanwhile called while Pulumi reads the stacks: for what takes a moment to load.
 * @throws MeshError for a stack that does not exist or is not up.
 */
export async function targetsFromStacks(stacks: readonly string[], timeoutMs: number, env: NodeJS.ProcessEnv = process.env, meanwhile?: () => Promise<unknown>): Promise<Target[]> {
  // The Kubernetes client takes a third of a second to load, and Pulumi longer to read a stack.
  const { states } = await statesOfStacks(stacks, env, () => Promise.all([import("./targets.js"), meanwhile?.()]));
  const { targetsFromKubeconfigs } = await import("./targets.js");
  return targetsFromKubeconfigs(states.flatMap(({ deployment }) => Object.entries(kubeconfigsByCluster(deployment))), timeoutMs);
}

/**
 * What stacks that are up export, in their order, and the session in which that was read. Sets Pulumi up where it is missing, and nothing else.
 *
 * @param shape the part of the outputs that is needed.
 * @throws MeshError as {@link targetsFromStacks}, and for a stack of another version of this program.
 */
export async function outputsOfStacks<T>(stacks: readonly string[], shape: z.ZodType<T>): Promise<{ readonly session: Session; readonly outputs: StackOutputs<T>[] }> {
  const { session, states } = await statesOfStacks(stacks, process.env);
  return { session, outputs: states.map(({ stack, deployment }) => ({ ...parsed(stack, stacks, shape, outputsIn(deployment)), kubeconfigs: kubeconfigsByCluster(deployment) })) };
}

async function statesOfStacks(stacks: readonly string[], env: NodeJS.ProcessEnv, meanwhile?: () => Promise<unknown>): Promise<{ readonly session: Session; readonly states: { readonly stack: string; readonly deployment: Deployment }[] }> {
  const session = await openSession(stacks, env);
  await setUp(session, NEEDS.state);
  const pulumi = pulumiOf(session, true);
  requireAmong(stacks, await pulumi.list());
  const reading = stacks.map(async (stack) => ({ stack, deployment: (await pulumi.export(stack, { showSecrets: true })).deployment }));
  const [states] = await Promise.all([Promise.all(reading), meanwhile?.()]);
  const empty = states.filter(({ deployment }) => outputsIn(deployment)["version"] === undefined).map(({ stack }) => stack);
  if (empty.length > 0) throw notUp(empty, stacks);
  return { session, states };
}

function parsed<T>(stack: string, stacks: readonly string[], shape: z.ZodType<T>, outputs: unknown): T {
  const result = shape.safeParse(outputs);
  if (result.success) return result.data;
  throw new MeshError("outputs-version", `the outputs of stack ${stack} are not those of this version of usmesh`, `Bring it up again: ${upCommand(stacks)}`, EXIT.unusable);
}
