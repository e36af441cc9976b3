import { UserError } from "../lib/errors";
import { refusal } from "../lib/refusal";
import type { ClusterModel } from "../settings/model";
import { dockerOverlaps, loadBalancerRanges } from "../topology/addresses";

/**
 * The subnet of the Docker network, once it is known that every kind cluster of the stack can be there. Where the settings do not name
 * the subnet, only the network itself tells, so this comes after the network and before the first cluster.
 *
 * @throws RunError naming every setting that does not fit
 */
export function suitableSubnet(clusters: readonly ClusterModel[], subnet: string): string {
  const problems = clusters.flatMap((cluster) => {
    const { key, driver, metallb } = cluster;
    if (driver.type !== "kind") return [];
    return [...dockerOverlaps([{ key, ...driver }], subnet), ...(metallb ? failure(() => loadBalancerRanges(cluster, subnet)) : [])];
  });
  if (problems.length > 0) throw refusal(...problems);
  return subnet;
}

function failure(attempt: () => unknown): UserError[] {
  try {
    attempt();
    return [];
  } catch (error) {
    if (error instanceof UserError) return [error];
    throw error;
  }
}
