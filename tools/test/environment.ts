import * as path from "node:path";
import type { AirgapPaths } from "../../airgap";

/** What may be set for the user's own work, such as by `eval "$(./mesh env)"`, and would change what is tested. */
const CALLERS = /^(?:MESH_|USMESH_|PULUMI_|HELM_|KUBECONFIG$)/;

/** What says where the tests find what was built, and how they are run. */
const KEPT = /^(?:MESH_AIRGAP|MESH_AIRGAP_HOME|MESH_AIRGAP_GO_CACHE_GIB|MESH_DEBUG|USMESH_SOAK_\w+)$/;

/**
 * The environment that tests run in: the caller's, without what it says about the caller's own meshes, state and clusters.
 *
 * @param env the caller's environment.
 * @param airgap the air gap's folders: its programs are taken out of `PATH`.
 */
export function testEnvironment(env: NodeJS.ProcessEnv, airgap: AirgapPaths): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !CALLERS.test(name) || KEPT.test(name));
  const folders = (env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== airgap.bin);
  return { ...Object.fromEntries(kept), PATH: folders.join(path.delimiter) };
}
