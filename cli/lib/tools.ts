import * as fs from "node:fs";
import * as path from "node:path";
import { EXIT, MeshError } from "../../lib/errors";

/** Where to download programs: those that `./mesh` needs, and those that are useful after `eval "$(./mesh env)"`. */
export const TOOLS = {
  pulumi: "https://www.pulumi.com/docs/install",
  docker: "https://docs.docker.com/engine/install",
  kind: "https://kind.sigs.k8s.io/docs/user/quick-start/#installation",
  kubectl: "https://kubernetes.io/docs/tasks/tools",
  helm: "https://helm.sh/docs/intro/install",
  istioctl: "https://istio.io/latest/docs/setup/getting-started/#download",
} as const;

/** See {@link TOOLS}. */
export type Tool = keyof typeof TOOLS;

/** Which of these programs are not on `PATH`. */
export function missingTools(tools: readonly Tool[], env: NodeJS.ProcessEnv = process.env): Tool[] {
  return tools.filter((tool) => findOnPath(tool, env) === undefined);
}

/** Where to get programs, a line each. */
export function whereToGet(tools: readonly Tool[]): string[] {
  return tools.map((tool) => `Install ${tool}: ${TOOLS[tool]}`);
}

/**
 * The path of an executable, as a shell would find it.
 *
 * @param without folders of `PATH` that do not count.
 */
export function findOnPath(name: string, env: NodeJS.ProcessEnv = process.env, without: readonly string[] = []): string | undefined {
  const folders = (env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "" && !without.includes(folder));
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

/**
 * Makes sure that tools are installed.
 *
 * @throws MeshError naming every missing one and where to get it.
 */
export function requireTools(tools: readonly Tool[], env: NodeJS.ProcessEnv = process.env): void {
  const missing = missingTools(tools, env);
  if (missing.length === 0) return;
  throw new MeshError(
    "programs-missing",
    `missing on PATH: ${missing.join(", ")}`,
    [...whereToGet(missing), "Or build everything from package registries: MESH_AIRGAP=1 ./mesh up"].join("\n"),
    EXIT.unusable,
  );
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
