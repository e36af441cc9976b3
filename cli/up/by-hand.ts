import { see } from "../../lib/troubleshooting";
import { pulumiOf, stacksInState, type Session } from "../lib/session";
import { missingTools } from "../lib/tools";
import { writeKubeconfigs } from "./kubeconfig";

/**
 * Writes the kubeconfigs of the stacks that have a file and are up, for manual work. Without Pulumi nothing is written: what is missing
 * is reported with everything else.
 *
 * @returns what went wrong, a sentence each.
 */
export async function writeThoseThatAreUp(session: Session): Promise<string[]> {
  const { env, mesh, stacks } = session;
  const local = stacksInState(stacks, env);
  if (local?.length === 0 || missingTools(["pulumi"], env).length > 0) return [];
  const pulumi = pulumiOf(session, true);
  try {
    const known = local ?? (await pulumi.list());
    return await writeKubeconfigs(mesh, pulumi, known.filter((stack) => stacks.names().includes(stack)));
  } catch (error) {
    return [`the stacks that are up cannot be listed, so kubectl may not find their clusters: ${(error as Error).message}${see("kubeconfigs-not-written")}`];
  }
}
