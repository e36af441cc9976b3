import { didYouMean } from "../../lib/did-you-mean";
import type { Problem } from "../problems";
import type { CheckContext } from "./check";

/** Checks that an order of failover speaks of regions that there are. */
export function checkFailover({ settings, model }: CheckContext): Problem[] {
  const own = [...new Set(model.clusters.map(({ region }) => region))];
  return Object.entries(settings.failover.regions).flatMap(([from, to]): Problem[] => {
    const path = ["failover", "regions", from];
    const problem = (message: string): Problem[] => [{ path, message, because: [["clusters"]] }];
    // The rule is written to this stack's clusters, and each cluster's proxies follow their own.
    if (!own.includes(from)) return problem(`no cluster of this stack is in region "${from}".${hint(from, own)}`);
    if (from === to) return problem(`"${to}" is the region itself; name the one that takes over`);
    // Which regions peers have is known only from their outputs.
    if (model.peers.length === 0 && !own.includes(to)) return problem(`no cluster of the mesh is in region "${to}".${hint(to, own)}`);
    return [];
  });
}

function hint(region: string, known: readonly string[]): string {
  return didYouMean(region, known) || ` The regions are: ${known.join(", ")}.`;
}
