import type { ClusterFacts, MeshFacts } from "../facts";
import type { Finding, FindingFactory } from "../finding";

/** What a check judges one by one. */
export type Scope = "cluster" | "pair" | "mesh";

/**
 * Adds to the findings of a check what it could not look at, because a cluster could not be read: without that, a run over the rest would
 * pass for a run over all.
 */
export function withUnread(scope: Scope, found: readonly Finding[], facts: MeshFacts, report: FindingFactory): Finding[] {
  const unread = facts.clusters.filter((cluster) => cluster.state === undefined);
  if (unread.length === 0) return [...found];
  const isJudged = (cluster: string, peer?: string): boolean => found.some((f) => f.cluster === cluster && f.peer === peer);
  switch (scope) {
    case "cluster":
      return [...found, ...unread.filter(({ key }) => !isJudged(key)).map((cluster) => report.unknown({ cluster: cluster.key }, reasonOf(cluster)))];
    case "pair":
      return [
        ...found,
        ...facts.pairs.flatMap(({ from, to }) => {
          const cluster = unread.find(({ key }) => key === from || key === to);
          return cluster === undefined || isJudged(from, to) ? [] : [report.unknown({ cluster: from, peer: to }, reasonOf(cluster))];
        }),
      ];
    case "mesh": {
      // What the others have wrong is wrong whatever the unread cluster has; that they agree proves nothing about it.
      const wrong = found.filter(({ status }) => status === "fail" || status === "warn");
      return wrong.length > 0 ? wrong : [report.unknown({}, unread.map(reasonOf).join("; "))];
    }
  }
}

function reasonOf({ key, unread }: ClusterFacts): string {
  return `${key} could not be read: ${unread ?? "no answer"}`;
}
