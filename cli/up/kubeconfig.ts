import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import type { MeshOutputs } from "../../outputs/contract";
import { kubeconfigFile } from "../lib/environment";
import type { MeshPaths } from "../../lib/paths";

/** The lists of a kubeconfig. */
interface Kubeconfig {
  readonly clusters?: readonly unknown[];
  readonly contexts?: readonly { readonly name: string }[];
  readonly users?: readonly unknown[];
}

/** One kubeconfig that holds several, its first context the current one. */
export function joinKubeconfigs(texts: readonly string[]): string {
  const all = texts.map((text) => parse(text) as Kubeconfig);
  const contexts = all.flatMap((one) => one.contexts ?? []);
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: all.flatMap((one) => one.clusters ?? []),
    contexts,
    users: all.flatMap((one) => one.users ?? []),
    "current-context": contexts[0]?.name ?? "",
  });
}

/** Keeps a stack's kubeconfigs for work by hand, in a file that only its owner can read. */
export function writeKubeconfig(mesh: MeshPaths, stack: string, outputs: MeshOutputs): void {
  const file = kubeconfigFile(mesh, stack);
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  fs.writeFileSync(fresh, joinKubeconfigs(Object.values(outputs.kubeconfigs)), { mode: 0o600 });
  fs.renameSync(fresh, file);
}

/** Takes away what {@link writeKubeconfig} kept. */
export function removeKubeconfig(mesh: MeshPaths, stack: string): void {
  fs.rmSync(kubeconfigFile(mesh, stack), { force: true });
}
