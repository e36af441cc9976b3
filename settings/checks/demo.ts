import { nodeNamed, unknownCluster } from "./clusters";
import type { Checked } from "../config";
import type { Problem } from "../../lib/problems";

/** Whether the demo has two clusters to run in, and the client a network to stand on. */
export function checkDemo(checked: Checked): Problem[] {
  return [...checkPlaces(checked), ...checkClient(checked)];
}

function checkPlaces({ settings, model }: Checked): Problem[] {
  if (!settings.demo) return [];
  const own = model.clusters.map((cluster) => cluster.key);
  const known = [...new Set([...own, ...model.trust.members])];
  // What clusters another authority's mesh has is known only from its outputs.
  const open = model.trust.authority !== "self";
  const { webapp, catalog } = model.demo;
  const places = [
    ["webapp", webapp],
    ["catalog", catalog],
  ] as const;
  const problems = places.flatMap(([name, key]): Problem[] => {
    const path = ["demoClusters", name];
    if (key === undefined) {
      const message = `the demo needs two clusters, and this stack has ${own.length}; name the cluster for ${name}, a peer's too, or set \`demo: false\``;
      return [{ path, message, because: [["clusters"]] }];
    }
    return open || known.includes(key) ? [] : [{ path, message: unknownCluster(key, known), because: [["clusters"], ["trust", "members"]] }];
  });
  if (webapp !== undefined && webapp === catalog) {
    const other = known.find((key) => key !== webapp);
    problems.push({
      path: ["demoClusters", "catalog"],
      message: `webapp and catalog are both in ${webapp}, so no request would cross the mesh; choose another cluster${
        other === undefined ? "" : `, such as "${other}"`
      }`,
      because: [["demoClusters", "webapp"]],
    });
  }
  return problems;
}

function checkClient({ model }: Checked): Problem[] {
  if (!model.client.enabled) return [];
  const problems: Problem[] = [];
  if (!model.clusters.some((cluster) => cluster.driver.type === "kind")) {
    problems.push({
      path: ["client", "enabled"],
      message: "the client stands on the Docker network of kind clusters, and this stack has none; set it to false",
      because: [["clusters"]],
    });
  }
  const node = nodeNamed(model.client.name, model.clusters);
  if (node !== undefined) {
    problems.push({
      path: ["client", "name"],
      message: `"${model.client.name}" is the container of cluster ${node}'s node; choose another, such as "mypc"`,
      because: [["clusters", node]],
    });
  }
  return problems;
}
