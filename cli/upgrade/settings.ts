import { isMap, parseDocument } from "yaml";
import { isTree, merge, type Tree } from "../../lib/merge";
import type { Change } from "./next";

const CLUSTERS = "usmesh:clusters";

/** The settings of Istio in a cluster, as a stack's file has them; empty where it says nothing. */
export function istioIn(config: Readonly<Record<string, unknown>>, cluster: string): Tree {
  const clusters = config[CLUSTERS];
  const settings = isTree(clusters) ? clusters[cluster] : undefined;
  const istio = isTree(settings) ? settings["istio"] : undefined;
  return isTree(istio) ? istio : {};
}

/** The settings of Istio in a cluster after a change. */
export function changed(istio: Tree, change: Change): Tree {
  const { upgrade, ...own } = istio;
  const next = isTree(upgrade) ? upgrade : {};
  switch (change.set) {
    case "upgrade":
      return { ...own, ...change.from, upgrade: { ...change.to, revision: change.revision } };
    case "step":
      return { ...own, upgrade: { ...next, step: change.step } };
    case "installed": {
      const { step: _step, values, ...installed } = next;
      const both = [own["values"], values].filter(isTree);
      return { ...own, ...installed, ...(both.length > 0 ? { values: merge(...both) } : {}) };
    }
    case "nothing":
      return own;
  }
}

/** The text of a stack's file with other settings of Istio for a cluster. Comments elsewhere, and their order, stay. */
export function withIstio(text: string, cluster: string, istio: Tree): string {
  const document = parseDocument(text);
  const path = ["config", CLUSTERS, cluster];
  // What is empty, such as `west:`, is not a record yet.
  for (let length = 1; length <= path.length; length++) {
    if (!isMap(document.getIn(path.slice(0, length)))) document.setIn(path.slice(0, length), document.createNode({}));
  }
  if (Object.keys(istio).length === 0) document.deleteIn([...path, "istio"]);
  else document.setIn([...path, "istio"], document.createNode(istio));
  return document.toString({ lineWidth: 0 });
}
