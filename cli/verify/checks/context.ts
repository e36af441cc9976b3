import type { AccessFacts, ClusterFacts, ClusterState, MeshFacts, PairFacts } from "../facts";
import type { Finding, FindingFactory, Subject } from "../finding";

/** One check: judges the facts and says what it found about every cluster, or every ordered pair, that could be read. */
export type Check = (facts: MeshFacts, report: FindingFactory) => Finding[];

/** A cluster that could be read. */
export type ReadCluster = ClusterFacts & { readonly state: ClusterState };

/** The clusters that could be read. What could not be is reported for all checks in one place. */
export function readClusters(facts: MeshFacts): ReadCluster[] {
  return facts.clusters.filter((cluster): cluster is ReadCluster => cluster.state !== undefined);
}

/** The ordered pairs of which both clusters could be read. */
export function readPairs(facts: MeshFacts): { pair: PairFacts; from: ReadCluster; to: ReadCluster }[] {
  const byKey = new Map(readClusters(facts).map((cluster) => [cluster.key, cluster]));
  return facts.pairs.flatMap((pair) => {
    const from = byKey.get(pair.from);
    const to = byKey.get(pair.to);
    return from && to ? [{ pair, from, to }] : [];
  });
}

/** What a pair's remote Secret entry leads to. */
export interface Entry {
  readonly subject: Required<Subject>;
  readonly access: AccessFacts;
  readonly to: ReadCluster;
}

/** Every entry of every pair. */
export function remoteEntries(facts: MeshFacts): Entry[] {
  return readPairs(facts).flatMap(({ pair, to }) => pair.access.map((access) => ({ subject: { cluster: pair.from, peer: pair.to }, access, to })));
}

/** Whether a request of the traffic checks got an answer from `to`: it went through the gateway of `to`, by mutual TLS. */
export function requestArrived({ traffic, to }: PairFacts): boolean {
  return traffic?.ok === true && "status" in traffic.value && traffic.value.status === 200 && traffic.value.servedBy === to;
}

/** The values that occur more than once among the clusters, with the keys of those that share each. */
export function shared<T extends string>(clusters: readonly ReadCluster[], value: (cluster: ReadCluster) => T | undefined): Map<T, string[]> {
  const groups = new Map<T, string[]>();
  for (const cluster of clusters) {
    const own = value(cluster);
    if (own !== undefined) groups.set(own, [...(groups.get(own) ?? []), cluster.key]);
  }
  return new Map([...groups].filter(([, keys]) => keys.length > 1));
}
