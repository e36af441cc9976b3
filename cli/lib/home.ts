import { obstacleBelow } from "../../lib/writable";
import { EXIT, MeshError } from "../../lib/errors";
import type { MeshPaths } from "../../lib/paths";

/**
 * Makes sure that the folder with the state and the passphrase exists, and that it and the folders below can be written to.
 *
 * @throws MeshError naming the folder that cannot.
 */
export function requireHome({ home, state, config, engine, cache, kubeconfigs }: MeshPaths): void {
  const obstacle = obstacleBelow(home, [state, config, engine, cache, kubeconfigs], 0o700);
  if (obstacle === undefined) return;
  throw new MeshError("folder-unusable", obstacle, "The state and its passphrase are kept there. Fix that, or name another folder in MESH_HOME.", EXIT.unusable);
}
