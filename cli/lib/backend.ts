import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import type { MeshPaths } from "../../lib/paths";

/**
 * The backend that holds the state: the user's `PULUMI_BACKEND_URL`, else local files below `MESH_HOME`. For local files, the metadata files
 * beside the state are turned off: unlike the state they are not replaced in one step, and one that a killed run leaves half written
 * makes every later command fail with "EOF".
 */
export function backendUrl(mesh: MeshPaths, env: NodeJS.ProcessEnv): string {
  return env.PULUMI_BACKEND_URL || `file://${mesh.state}?metadata=skip`;
}

/**
 * The folder of a backend on the local disk.
 *
 * @param url such as `file:///home/me/state`, with or without a query.
 * @returns undefined for any other backend.
 */
export function backendFolder(url: string): string | undefined {
  if (!url.startsWith("file://")) return undefined;
  const [address = ""] = url.split("?");
  const rest = address.slice("file://".length).replace(/^~(?=\/|$)/, os.homedir());
  if (!rest.startsWith("/")) return path.resolve(rest);
  return fileURLToPath(`file://${rest}`);
}

/**
 * The stacks of a project in a backend on the local disk, without Pulumi, which may still have to be built.
 *
 * @returns names; undefined when only Pulumi knows: for other backends, and for the file layout of older versions of Pulumi.
 */
export function localStacks(url: string, project: string): string[] | undefined {
  const folder = backendFolder(url);
  if (folder === undefined) return undefined;
  const stacks = path.join(folder, ".pulumi", "stacks");
  if (stackNames(stacks).length > 0) return undefined;
  return stackNames(path.join(stacks, project));
}

/** Names of the states in a folder, without backups. */
function stackNames(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder).map((file) => /^(.+)\.json(?:\.gz)?$/.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}
