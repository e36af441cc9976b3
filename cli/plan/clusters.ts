import type { ClusterModel, MeshModel } from "../../settings/model";
import { keyIn, type StackFacts } from "./facts";
import type { Change, StandingCluster } from "./preview";
import type { ClusterPlan } from "./report";

/** Which clusters join, leave, are made anew, or change what the mesh knows of them. */
export function planClusters({ model, standing, changes = [] }: StackFacts): ClusterPlan {
  const before = standing?.clusters ?? {};
  const after = Object.fromEntries(model.clusters.map((cluster) => [cluster.key, cluster]));
  const gone = changes.filter(({ type, operation }) => type === "usmesh:index:Cluster" && operation === "delete").map(({ name }) => name);
  const leaving = [...new Set([...Object.keys(before), ...gone])].filter((key) => after[key] === undefined);
  const staying = model.clusters.filter(({ key }) => before[key] !== undefined);
  return {
    joining: model.clusters.filter(({ key }) => before[key] === undefined).map(({ key, driver }) => ({ cluster: key, driver: driver.type })),
    leaving: leaving.map((key) => ({ cluster: key, ...(before[key] ? { driver: before[key].driver } : {}) })),
    replaced: replacedClusters(changes).filter(({ cluster }) => after[cluster] !== undefined),
    changed: staying.flatMap((cluster) => differences(model, cluster, before[cluster.key]!)),
  };
}

function differences(model: MeshModel, cluster: ClusterModel, before: StandingCluster): ClusterPlan["changed"] {
  const pairs: readonly (readonly [what: string, from: string | undefined, to: string | undefined])[] = [
    ["Istio cluster name", before.clusterName, cluster.clusterName],
    ["network", before.network, cluster.network],
    ["region", before.region, cluster.region],
    ["zone", before.zone, cluster.zone],
    ["driver", before.driver, cluster.driver.type],
    ["Istio", before.versions.istio, model.istio.version],
    ["MetalLB", before.versions.metallb, cluster.metallb ? model.metallb.version : undefined],
  ];
  return pairs.filter(([, from, to]) => from !== to).map(([what, from = "none", to = "none"]) => ({ cluster: cluster.key, what, from, to }));
}

/** The clusters in whose place another one comes, each once, with the reason. Those that leave may be among them. */
export function replacedClusters(changes: readonly Change[]): ClusterPlan["replaced"] {
  const inCluster = changes.filter(({ components, operation }) => components[0] === "Cluster" && (operation === "replace" || operation === "delete"));
  const made = inCluster.flatMap((change) => {
    const cluster = change.type === "command:local:Command" ? keyIn(change.name, "kind") : undefined;
    return cluster === undefined ? [] : [{ cluster, why: kindReason(change) }];
  });
  const met = inCluster.flatMap((change) => {
    const cluster = change.type === "pulumi:providers:kubernetes" && change.operation === "replace" ? keyIn(change.name, "provider") : undefined;
    return cluster === undefined || made.some((other) => other.cluster === cluster) ? [] : [{ cluster, why: "its kubeconfig leads to another cluster" }];
  });
  return [...made, ...met];
}

/** Why a kind cluster is made anew, in the words of the settings. */
function kindReason({ operation, before, after, reasons }: Change): string {
  if (operation === "delete") return "it is no kind cluster any more";
  const [was, is] = [variables(before), variables(after)];
  const differs = (name: string): boolean => was[name] !== is[name];
  const why = [
    ...(differs("INCARNATION") ? ["the one that stood is gone or was made anew by somebody else"] : []),
    ...(differs("KIND_IMAGE") ? [`node image ${was["KIND_IMAGE"]} → ${is["KIND_IMAGE"]}`] : []),
    ...(differs("KIND_NAME") ? [`kind name ${was["KIND_NAME"]} → ${is["KIND_NAME"]}`] : []),
    ...(before["stdin"] !== after["stdin"] ? ["another kind configuration: subnets, region, zone or what usmesh:kind.config says"] : []),
    ...(differs("DOCKER_NETWORK") || differs("DOCKER_SUBNET") ? ["another Docker network"] : []),
  ];
  return why.join("; ") || `another ${reasons.join(", ") || "definition"}`;
}

function variables(inputs: Readonly<Record<string, unknown>>): Record<string, string> {
  const environment = inputs["environment"];
  return typeof environment === "object" && environment !== null ? (environment as Record<string, string>) : {};
}
