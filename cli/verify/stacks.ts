import { meshOutputs } from "../../model/outputs";
import { EXIT, MeshError } from "../lib/errors";
import { openSession, pulumiOf } from "../lib/session";
import { type Target, targetsFromKubeconfigs } from "./targets";

/**
 * The clusters of stacks that are up, by key.
 * @throws MeshError for a stack that does not exist, is not up, or belongs to another version of this program.
 */
export async function targetsFromStacks(stacks: readonly string[], timeoutMs: number): Promise<Target[]> {
  const session = await openSession();
  session.stacks.require(stacks);
  const pulumi = pulumiOf(session, true);
  const known = await pulumi.list();
  const kubeconfigs = await Promise.all(stacks.map(async (stack) => Object.entries(await kubeconfigsOf(stack, known, (name) => pulumi.outputs(name)))));
  return targetsFromKubeconfigs(kubeconfigs.flat(), timeoutMs);
}

async function kubeconfigsOf(stack: string, known: readonly string[], read: (stack: string) => Promise<unknown>): Promise<Record<string, string>> {
  const outputs = known.includes(stack) ? await read(stack) : {};
  const up = `Bring it up first: ./mesh up ${stack}`;
  if (Object.keys(outputs as object).length === 0) throw new MeshError(`stack ${stack} is not up`, up, EXIT.unusable);
  const parsed = meshOutputs.pick({ version: true, kubeconfigs: true }).safeParse(outputs);
  if (parsed.success) return parsed.data.kubeconfigs;
  throw new MeshError(`the outputs of stack ${stack} are not those of this version of usmesh`, up, EXIT.unusable);
}
