import { replacedClusters } from "./clusters";
import { keyIn, wantedPairs, type StackFacts } from "./facts";
import type { Change, Operation } from "./preview";
import type { ResourceCount, TokenChange, WorkloadChange } from "./report";

/** The pairs of clusters that are wired and unwired. */
export function planPairs(facts: StackFacts): { wired: string[]; unwired: string[] } {
  const [before, after] = [facts.standing?.pairs ?? [], wantedPairs(facts)];
  return { wired: after.filter((pair) => !before.includes(pair)), unwired: before.filter((pair) => !after.includes(pair)) };
}

/** The tokens with which peers read the clusters that stay what they are. */
export function planTokens({ standing, model, changes = [] }: StackFacts): TokenChange[] {
  const replaced = replacedClusters(changes).map(({ cluster }) => cluster);
  const staying = model.clusters.map(({ key }) => key).filter((key) => standing?.clusters?.[key] !== undefined && !replaced.includes(key));
  return changes.flatMap(({ components, name, operation }) => {
    const [, cluster = "", generation = ""] = /^(.+)-istio-reader-(\d+)$/.exec(name) ?? [];
    if (components[0] !== "IstioPrimary" || !staying.includes(cluster) || operation === "update") return [];
    return [{ cluster, generation: Number(generation), change: TOKENS[operation] }];
  });
}

const TOKENS: Readonly<Record<Exclude<Operation, "update">, TokenChange["change"]>> = { create: "issued", replace: "reissued", delete: "withdrawn" };

/** The demo's workloads and the client, each once. */
export function planWorkloads({ changes = [] }: StackFacts): WorkloadChange[] {
  const workloads = new Map<string, WorkloadChange>();
  for (const change of changes) {
    const place = workloadOf(change);
    if (place === undefined) continue;
    const key = `${place.workload} ${place.cluster ?? ""}`;
    const runs = /:(Deployment|Container)$/.test(change.type);
    // What runs decides; around it, only a change of what is there counts: a Service comes and goes without its pods.
    if (runs) workloads.set(key, { ...place, change: change.operation });
    else if (!workloads.has(key) && (change.operation === "update" || change.operation === "replace")) workloads.set(key, { ...place, change: "update" });
  }
  return [...workloads.values()];
}

function workloadOf({ components, name, type }: Change): Omit<WorkloadChange, "change"> | undefined {
  if (components[0] === "Client" && type === "docker:index/container:Container") return { workload: keyIn(name, "container") ?? name };
  const [, cluster = "", workload = ""] = (components[0] === "Demo" && /^demo-(.+)-(webapp|catalog)-/.exec(name)) || [];
  return workload === "" ? undefined : { workload, cluster };
}

/** The order in which components are made, which is the order in which they are counted. */
const COMPONENTS = ["PluginCA", "DockerNetwork", "Client", "Cluster", "MetalLB", "IstioPrimary", "EastWestGateway", "MeshPeering", "Demo"];

/** How many resources change in each kind of component. Components and providers are no resources of their own. */
export function countResources(changes: readonly Change[]): ResourceCount[] {
  const counts = new Map<string, Record<Operation, number>>();
  for (const { type, components, operation } of changes) {
    if (type.startsWith("usmesh:") || type.startsWith("pulumi:")) continue;
    const component = components[0] ?? "other";
    const count = counts.get(component) ?? { create: 0, update: 0, replace: 0, delete: 0 };
    count[operation]++;
    counts.set(component, count);
  }
  const rank = (component: string): number => (COMPONENTS.includes(component) ? COMPONENTS.indexOf(component) : COMPONENTS.length);
  return [...counts].sort(([a], [b]) => rank(a) - rank(b)).map(([component, count]) => ({ component, ...count }));
}
