import type { ResourceCount } from "./report";
import { changesIn, type Operation, type Resource } from "./resources";

/** Components in the order in which the program creates them, which is the order in which they are listed. */
const COMPONENTS = [
  "PluginCA",
  "IntermediateKeys",
  "DockerNetwork",
  "Client",
  "Cluster",
  "MetalLB",
  "IstioPrimary",
  "EastWestGateway",
  "MutualTls",
  "Failover",
  "DiscoveryCA",
  "DiscoveryProxy",
  "MeshPeering",
  "Demo",
];

/** How many resources change in each kind of component. Components and providers themselves are not counted. */
export function countResources(resources: readonly Resource[]): ResourceCount[] {
  const counts = new Map<string, Record<Operation, number>>();
  for (const { type, components, operation } of changesIn(resources)) {
    if (type.startsWith("usmesh:") || type.startsWith("pulumi:")) continue;
    const component = components[0] ?? "other";
    const count = counts.get(component) ?? { create: 0, update: 0, replace: 0, delete: 0 };
    count[operation]++;
    counts.set(component, count);
  }
  const rank = (component: string): number => (COMPONENTS.includes(component) ? COMPONENTS.indexOf(component) : COMPONENTS.length);
  return [...counts].sort(([a], [b]) => rank(a) - rank(b)).map(([component, count]) => ({ component, ...count }));
}
