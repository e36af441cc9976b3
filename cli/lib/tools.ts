import * as fs from "node:fs";
import * as path from "node:path";
import { EXIT, MeshError } from "./errors";

/** A program that official downloads give, and where to get it. */
export interface Tool {
  readonly name: string;
  readonly url: string;
}

/** What `./mesh up` cannot do without. Docker has a check of its own, since it also has to run. */
export const NEEDED_TOOLS: readonly Tool[] = [
  { name: "pulumi", url: "https://www.pulumi.com/docs/install" },
  { name: "kind", url: "https://kind.sigs.k8s.io/docs/user/quick-start/#installation" },
];

/** What is handy after `eval "$(./mesh env)"` and not needed by `./mesh` itself. */
export const HANDY_TOOLS: readonly Tool[] = [
  { name: "kubectl", url: "https://kubernetes.io/docs/tasks/tools" },
  { name: "helm", url: "https://helm.sh/docs/intro/install" },
  { name: "istioctl", url: "https://istio.io/latest/docs/setup/getting-started/#download" },
];

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
 * Makes sure that tools are there.
 *
 * @throws MeshError naming every one that is missing and where to get it.
 */
export function requireTools(tools: readonly Tool[], env: NodeJS.ProcessEnv = process.env): void {
  const missing = tools.filter((tool) => findOnPath(tool.name, env) === undefined);
  if (missing.length === 0) return;
  throw new MeshError(
    `missing on PATH: ${missing.map((tool) => tool.name).join(", ")}`,
    [...missing.map((tool) => `Install ${tool.name}: ${tool.url}`), "Or have everything built from package registries: MESH_AIRGAP=1 ./mesh up"].join("\n"),
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
