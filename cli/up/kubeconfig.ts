import * as fs from "node:fs";
import * as path from "node:path";
import { joinKubeconfigs } from "../../lib/kubeconfig";
import type { MeshPaths } from "../../lib/paths";
import { see } from "../../lib/troubleshooting";
import { makeFolder, replaceFile } from "../../lib/writable";
import { kubeconfigFile } from "../lib/environment";
import type { PulumiCommands } from "../lib/pulumi";
import { kubeconfigsByCluster } from "../lib/state";

/**
 * Writes the kubeconfigs of a stack's clusters for manual work into one file that only its owner can read.
 *
 * @param kubeconfigs by cluster key. None: the file is removed.
 */
export function writeKubeconfig(mesh: MeshPaths, stack: string, kubeconfigs: Readonly<Record<string, string>>): void {
  if (Object.keys(kubeconfigs).length === 0) return removeKubeconfig(mesh, stack);
  const file = kubeconfigFile(mesh, stack);
  makeFolder(path.dirname(file), 0o700);
  replaceFile(file, joinKubeconfigs(Object.values(kubeconfigs)));
}

/**
 * Writes the files of the stacks that are up; see {@link writeKubeconfig}. The kubeconfigs come from the states: whether a stack exports
 * them to other programs does not matter.
 *
 * @param stacks those that the backend knows.
 * @returns what went wrong, a sentence each.
 */
export async function writeKubeconfigs(mesh: MeshPaths, pulumi: Pick<PulumiCommands, "export">, stacks: readonly string[]): Promise<string[]> {
  const problems = await Promise.all(
    stacks.map(async (stack) => {
      try {
        writeKubeconfig(mesh, stack, kubeconfigsByCluster((await pulumi.export(stack, { showSecrets: true })).deployment));
        return [];
      } catch (error) {
        return [`the kubeconfigs of stack ${stack} cannot be read: ${(error as Error).message}${see("kubeconfigs-not-written")}`];
      }
    }),
  );
  return problems.flat();
}

/** Removes the file that {@link writeKubeconfig} wrote. */
export function removeKubeconfig(mesh: MeshPaths, stack: string): void {
  fs.rmSync(kubeconfigFile(mesh, stack), { force: true });
}
