import * as fs from "node:fs";
import * as path from "node:path";
import { joinKubeconfigs } from "../../lib/kubeconfig";
import type { MeshPaths } from "../../lib/paths";
import { replaceFile } from "../../lib/writable";
import type { MeshOutputs } from "../../outputs/contract";
import { kubeconfigFile } from "../lib/environment";

/** Writes a stack's kubeconfigs for manual work into one file that only its owner can read. */
export function writeKubeconfig(mesh: MeshPaths, stack: string, outputs: MeshOutputs): void {
  const file = kubeconfigFile(mesh, stack);
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  replaceFile(file, joinKubeconfigs(Object.values(outputs.kubeconfigs)));
}

/** Removes the file that {@link writeKubeconfig} wrote. */
export function removeKubeconfig(mesh: MeshPaths, stack: string): void {
  fs.rmSync(kubeconfigFile(mesh, stack), { force: true });
}
