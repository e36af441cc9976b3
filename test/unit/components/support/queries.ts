/** Queries on what a program registered. */
import type { Registered, World } from "./world";

/** The resource of a name; throws when there is none or more than one. */
export function resource(world: World, name: string): Registered {
  const found = world.resources.filter((candidate) => candidate.name === name);
  if (found.length !== 1) throw new Error(`${found.length} resources have the name ${name}`);
  return found[0]!;
}

/** Names of the resources whose type ends with `kind`, sorted. */
export function namesOf(world: World, kind: string): string[] {
  return world.resources
    .filter(({ type }) => type.split(":").pop() === kind)
    .map(({ name }) => name)
    .sort();
}

/** Everything that a resource depends on, directly or not. */
export function closure(world: World, name: string): Set<string> {
  const seen = new Set<string>();
  const visit = (current: string) => {
    for (const next of world.resources.find((candidate) => candidate.name === current)?.dependsOn ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      visit(next);
    }
  };
  visit(name);
  return seen;
}

/** The cluster that a resource is in, by its name. */
export function clusterOf(name: string): string | undefined {
  return /(?:^|-)(west|east|north)(?:-|$)/.exec(name)?.[1];
}

/** Whether a resource is in a Kubernetes cluster. */
export function inCluster({ type }: Registered): boolean {
  return type.startsWith("kubernetes:");
}
