import { didYouMean } from "../../lib/did-you-mean";
import { kindNode } from "../../topology/names";
import type { ClusterModel } from "../model";
import type { Problem } from "../problems";
import type { CheckContext } from "./check";

/** Checks that the demo has two clusters to run in, and the client a Docker network and a name of its own. */
export function checkDemo(context: CheckContext): Problem[] {
  return [...checkPlaces(context), ...checkIngress(context), ...checkClient(context)];
}

function checkPlaces({ settings, model }: CheckContext): Problem[] {
  if (!settings.demo) return [];
  const own = model.clusters.map((cluster) => cluster.key);
  const known = [...new Set([...own, ...model.trust.members])];
  // Which clusters the mesh of another authority has is known only from that stack's outputs.
  const checksKeys = model.trust.authority === "self";
  const { webapp, catalog } = model.demo;
  const places = [
    ["webapp", webapp],
    ["catalog", catalog],
  ] as const;
  const problems = places.flatMap(([name, key]): Problem[] => {
    const path = ["demoClusters", name];
    if (key === undefined) {
      const message = `the demo needs two clusters, and this stack has ${own.length}; name the cluster for ${name}, which can be a peer's, or set \`demo: false\``;
      return [{ path, message, because: [["clusters"]] }];
    }
    if (!checksKeys || known.includes(key)) return [];
    return [{ path, message: unknownCluster(key, known), because: [["clusters"], ["trust", "members"]] }];
  });
  if (webapp !== undefined && webapp === catalog) {
    const other = known.find((key) => key !== webapp);
    const example = other === undefined ? "" : `, such as "${other}"`;
    problems.push({
      path: ["demoClusters", "catalog"],
      message: `webapp and catalog are both in ${webapp}, so no request would go from one cluster to another; choose another cluster${example}`,
      because: [["demoClusters", "webapp"]],
    });
  }
  return problems;
}

function checkIngress({ settings }: CheckContext): Problem[] {
  if (!settings.demo || settings.ingress) return [];
  return [{ path: ["ingress"], message: "the demo is behind the ingress gateway; set it to true, or set `demo: false`", because: [["demo"]] }];
}

function unknownCluster(key: string, known: readonly string[]): string {
  return `there is no cluster "${key}".${didYouMean(key, known) || ` The clusters are: ${known.join(", ")}.`}`;
}

function checkClient({ model }: CheckContext): Problem[] {
  if (!model.client.enabled) return [];
  const problems: Problem[] = [];
  if (!model.clusters.some((cluster) => cluster.driver.type === "kind")) {
    problems.push({
      path: ["client", "enabled"],
      message: "the client runs on the Docker network of kind clusters, and this stack has no kind cluster; set it to false",
      because: [["clusters"]],
    });
  }
  const cluster = clusterOfNode(model.client.name, model.clusters);
  if (cluster !== undefined) {
    problems.push({
      path: ["client", "name"],
      message: `"${model.client.name}" is the container of the node of cluster ${cluster}; choose another name, such as "mypc"`,
      because: [["clusters", cluster]],
    });
  }
  return problems;
}

/** The key of the kind cluster whose node is the container of this name. */
function clusterOfNode(container: string, clusters: readonly ClusterModel[]): string | undefined {
  return clusters.find(({ driver }) => driver.type === "kind" && kindNode(driver.kindName) === container)?.key;
}
