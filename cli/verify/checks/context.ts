import type { ClusterFacts, ClusterState, MeshFacts, PairFacts } from "../facts";
import type { Finding } from "../finding";

/** One check: judges the facts and says what it found, at least one finding for everything that it is about. */
export type Check = (facts: MeshFacts) => Finding[];

/** A cluster whose API server answered. */
export type Known = ClusterFacts & { readonly state: ClusterState };

/** The clusters that could be read. Of the others the category `clusters` alone reports, so that one fault is one failure. */
export function known(facts: MeshFacts): Known[] {
  return facts.clusters.filter((cluster): cluster is Known => cluster.state !== undefined);
}

/** The ordered pairs of which both clusters could be read. */
export function knownPairs(facts: MeshFacts): { pair: PairFacts; from: Known; to: Known }[] {
  const byKey = new Map(known(facts).map((cluster) => [cluster.key, cluster]));
  return facts.pairs.flatMap((pair) => {
    const from = byKey.get(pair.from);
    const to = byKey.get(pair.to);
    return from && to ? [{ pair, from, to }] : [];
  });
}

/** The values that occur more than once among the clusters, with the keys of those that share each. */
export function shared<T extends string>(clusters: readonly Known[], value: (cluster: Known) => T | undefined): Map<T, string[]> {
  const groups = new Map<T, string[]>();
  for (const cluster of clusters) {
    const own = value(cluster);
    if (own !== undefined) groups.set(own, [...(groups.get(own) ?? []), cluster.key]);
  }
  return new Map([...groups].filter(([, keys]) => keys.length > 1));
}
