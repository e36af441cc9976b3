import { parse } from "yaml";
import { meshOutputs, type MeshOutputs } from "../../outputs/contract";
import type { StackOutputs } from "../verify/stacks";
import { type Target, targetsFromKubeconfigs } from "../verify/targets";

/** A cluster that takes part in a drill. */
export interface DrillCluster {
  readonly target: Target;
  readonly region: string;
  readonly zone: string;
  /** Name of the kind cluster; undefined for one that kind did not create. */
  readonly kind?: string;
}

/** The part of a stack's outputs that a drill needs. */
export const drillOutputs = meshOutputs.pick({ version: true, clusters: true });

/** The clusters in the outputs of stacks. @throws MeshError when two have one key. */
export function clustersOf(outputs: readonly StackOutputs<Pick<MeshOutputs, "clusters">>[], timeoutMs: number): DrillCluster[] {
  const all = new Map(outputs.flatMap(({ clusters, kubeconfigs }) => Object.entries(clusters).map(([key, cluster]) => [key, { cluster, kubeconfig: kubeconfigs[key] ?? "" }])));
  const targets = targetsFromKubeconfigs(outputs.flatMap(({ kubeconfigs }) => Object.entries(kubeconfigs)), timeoutMs);
  return targets.flatMap((target) => {
    const known = all.get(target.key);
    if (known === undefined) return [];
    const { region, zone, driver } = known.cluster;
    const kind = driver === "kind" ? kindName(known.kubeconfig) : undefined;
    return [{ target, region, zone, ...(kind === undefined ? {} : { kind }) }];
  });
}

/** The name of a kind cluster, which kind writes into the context of its kubeconfig. */
function kindName(kubeconfig: string): string | undefined {
  const context = (parse(kubeconfig) as { readonly "current-context"?: string } | null)?.["current-context"];
  return context?.startsWith("kind-") ? context.slice("kind-".length) : undefined;
}
