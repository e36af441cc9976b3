import type { ClusterModel, MeshModel } from "../../settings/model";
import type { Way } from "../../topology/discovery";
import type { StackFacts } from "./facts";
import { kindReason } from "./kind-reason";
import type { PreviousCluster } from "./preview";
import type { ClusterPlan } from "./report";
import type { Resource } from "./resources";
import { only, type Context, type Part } from "./roles";

const WAY_NAMES: Readonly<Record<Way, string>> = { gateway: "its gateway", apiServer: "its API server" };

/** Which clusters join, leave, are replaced, or change what the mesh knows of them. */
export function planClusters({ model, previous }: Pick<StackFacts, "model" | "previous">, parts: readonly Part[], context: Context): ClusterPlan {
  const before = previous?.clusters ?? {};
  const isWanted = (key: string): boolean => model.clusters.some((cluster) => cluster.key === key);
  const deleted = only(parts, "cluster").filter(({ change }) => change.operation === "delete");
  const leaving = [...new Set([...Object.keys(before), ...deleted.map(({ change }) => labelOf(change, context))])].filter((key) => !isWanted(key));
  const staying = model.clusters.filter(({ key }) => before[key] !== undefined);
  return {
    joining: model.clusters.filter(({ key }) => before[key] === undefined).map(({ key, driver }) => ({ cluster: key, driver: driver.type })),
    leaving: leaving.map((key) => ({ cluster: key, ...(before[key] ? { driver: before[key].driver } : {}) })),
    replaced: replacedClusters(parts, context).filter(({ cluster }) => !leaving.includes(cluster)),
    changed: staying.flatMap((cluster) => differences(model, cluster, before[cluster.key]!)),
  };
}

/** The key of a cluster, else the name of its component: a danger is reported even where the key cannot be determined. */
function labelOf(cluster: Resource, { keys }: Context): string {
  return keys.keyOf(cluster) ?? cluster.name;
}

/** The clusters that are deleted or replaced by another one, each once, with the reason. */
function replacedClusters(parts: readonly Part[], context: Context): ClusterPlan["replaced"] {
  const reasons = new Map<string, string>();
  const add = (of: readonly Part[], why: (part: Part) => string): void => {
    for (const part of of) {
      const cluster = context.keys.clusterOf(part.change);
      const label = cluster && labelOf(cluster, context);
      if (label !== undefined && !reasons.has(label)) reasons.set(label, why(part));
    }
  };
  const gone = <P extends Part>(some: readonly P[]): P[] => some.filter(({ change }) => change.operation === "replace" || change.operation === "delete");
  const kind = only(parts, "kind-cluster");
  add(gone(kind), ({ change }) => kindReason(change, kind.some((other) => other.change.operation === "create" && context.keys.keyOf(other.change) === context.keys.keyOf(change))));
  add(gone(only(parts, "provider")), ({ change }) => (change.operation === "replace" ? "its kubeconfig leads to another cluster" : "everything in it is recreated through another provider"));
  add(gone(only(parts, "cluster")), () => "everything in it is recreated");
  return [...reasons].map(([cluster, why]) => ({ cluster, why }));
}

function differences(model: MeshModel, cluster: ClusterModel, before: PreviousCluster): ClusterPlan["changed"] {
  const pairs: readonly (readonly [what: string, from: string | undefined, to: string | undefined])[] = [
    ["Istio cluster name", before.clusterName, cluster.clusterName],
    ["network", before.network, cluster.network],
    ["region", before.region, cluster.region],
    ["zone", before.zone, cluster.zone],
    ["driver", before.driver, cluster.driver.type],
    ["read by peers through", WAY_NAMES[before.through ?? "apiServer"], WAY_NAMES[cluster.through]],
    ["Istio", before.versions.istio, cluster.istio.version],
    ["MetalLB", before.versions.metallb, cluster.metallb ? model.metallb.version : undefined],
  ];
  return pairs.filter(([, from, to]) => from !== to).map(([what, from = "none", to = "none"]) => ({ cluster: cluster.key, what, from, to }));
}
