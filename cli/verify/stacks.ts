import { meshOutputs } from "../../outputs/contract";
import { EXIT, MeshError } from "../../lib/errors";
import { NEEDS } from "../lib/needs";
import { openSession, pulumiOf } from "../lib/session";
import { setUp } from "../lib/set-up";
import { notUp, requireAmong, upCommand } from "./up-stacks";
import { type Target, targetsFromKubeconfigs } from "./targets";

/**
 * The clusters of stacks that are up, by key. Sets Pulumi up where it is missing, and nothing else.
 *
 * @throws MeshError for a stack that does not exist, is not up, or belongs to another version of this program.
 */
export async function targetsFromStacks(stacks: readonly string[], timeoutMs: number): Promise<Target[]> {
  const session = await openSession();
  await setUp(session, NEEDS.state);
  const pulumi = pulumiOf(session, true);
  requireAmong(stacks, await pulumi.list());
  const kubeconfigs = await Promise.all(stacks.map(async (stack) => Object.entries(kubeconfigsIn(stack, stacks, await pulumi.outputs(stack)))));
  return targetsFromKubeconfigs(kubeconfigs.flat(), timeoutMs);
}

/** The kubeconfigs in a stack's outputs, by cluster key. */
function kubeconfigsIn(stack: string, stacks: readonly string[], outputs: unknown): Record<string, string> {
  if (Object.keys(outputs as object).length === 0) throw notUp([stack], stacks);
  const parsed = meshOutputs.pick({ version: true, kubeconfigs: true }).safeParse(outputs);
  if (parsed.success) return parsed.data.kubeconfigs;
  throw new MeshError("outputs-version", `the outputs of stack ${stack} are not those of this version of usmesh`, `Bring it up again: ${upCommand(stacks)}`, EXIT.unusable);
}
