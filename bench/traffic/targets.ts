import { type Target, targetsFromKubeconfigs } from "../../cli/verify/targets";
import { CLUSTERS, type Cluster } from "../lib/names";
import type { StandingMesh } from "../standing-mesh";

/** West and east of the standing mesh. @param timeoutMs milliseconds after which one request to a cluster, or one command in it, is given up. */
export async function targetsOf(mesh: Pick<StandingMesh, "outputs">, timeoutMs: number): Promise<Record<Cluster, Target>> {
  const { kubeconfigs } = await mesh.outputs();
  const targets = targetsFromKubeconfigs(CLUSTERS.map((key) => [key, kubeconfigs[key] ?? ""] as const), timeoutMs);
  const of = (cluster: Cluster): Target => {
    const found = targets.find(({ key }) => key === cluster);
    if (found === undefined) throw new Error(`the standing mesh has no cluster ${cluster}`);
    return found;
  };
  return { west: of("west"), east: of("east") };
}
