import * as path from "node:path";
import type { AirgapPaths } from "../../airgap";
import type { Part } from "./parts";

/**
 * What may be set for the caller's own work, such as by `eval "$(./mesh env)"`, and would change what is tested or lead to the
 * caller's own meshes, state and clusters. `GIT_DIR` and its like are set in a Git hook.
 */
const CALLERS = /^(?:MESH_|USMESH_|PULUMI_|TS_NODE_|HELM_|KUBE|DOCKER_|KIND_|KWOK_|GIT_(?:DIR|WORK_TREE|INDEX_FILE)$)/;

/**
 * The environment that a part's tests run in: the caller's, without what it says about the caller's own meshes, state and clusters.
 *
 * @param env the caller's environment.
 * @param airgap the air gap's folders: its programs are removed from `PATH`.
 * @param part says what it needs all the same.
 */
export function testEnvironment(env: NodeJS.ProcessEnv, airgap: Pick<AirgapPaths, "bin">, { keeps, sets }: Pick<Part, "keeps" | "sets">): NodeJS.ProcessEnv {
  const isKept = (name: string): boolean => keeps.some((kept) => (kept.endsWith("*") ? name.startsWith(kept.slice(0, -1)) : name === kept));
  const kept = Object.entries(env).filter(([name]) => !CALLERS.test(name) || isKept(name));
  const folders = (env["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== airgap.bin);
  return { ...Object.fromEntries(kept), PATH: folders.join(path.delimiter), ...sets };
}
