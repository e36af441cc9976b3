import { NEEDS } from "../lib/needs";
import type { ExportedState } from "../lib/pulumi";
import { openSession, pulumiOf } from "../lib/session";
import { setUp } from "../lib/set-up";
import { exportsAnything, kubeconfigsByCluster } from "../lib/state";
import { notUp, requireAmong } from "./up-stacks";
import { type Target, targetsFromKubeconfigs } from "./targets";

/**
 * The clusters of stacks that are up, by key. Sets Pulumi up where it is missing, and nothing else.
 *
 * @throws MeshError for a stack that does not exist or is not up.
 */
export async function targetsFromStacks(stacks: readonly string[], timeoutMs: number): Promise<Target[]> {
  const session = await openSession(stacks);
  await setUp(session, NEEDS.state);
  const pulumi = pulumiOf(session, true);
  requireAmong(stacks, await pulumi.list());
  const kubeconfigs = await Promise.all(stacks.map(async (stack) => Object.entries(kubeconfigsIn(stack, stacks, await pulumi.export(stack, { showSecrets: true })))));
  return targetsFromKubeconfigs(kubeconfigs.flat(), timeoutMs);
}

/** The kubeconfigs of a stack's clusters, by cluster key. They are in its state, whether or not it exports them. */
function kubeconfigsIn(stack: string, stacks: readonly string[], { deployment }: ExportedState): Record<string, string> {
  if (!exportsAnything(deployment)) throw notUp([stack], stacks);
  return kubeconfigsByCluster(deployment);
}
