/** What a change of the provider's settings means for everything that lives in its cluster. */
import { isDeepStrictEqual } from "node:util";
import { equal } from "../lib/compare";
import type { DiffResult } from "../lib/kind";
import { type Props, type Value, Unknown, reveal } from "../lib/values";
import { type ActiveContext, activeContext, loadKubeconfig } from "./cluster/kubeconfig";
import { parseSettings } from "./settings";

const IDENTIFIER = "clusterIdentifier";
/** The settings that say which cluster it is, where no identifier does. */
const CLUSTER_SETTINGS = ["kubeconfig", "context", "cluster"];

/**
 * Compares the settings. A provider is replaced, and with it everything in its cluster, if it comes to stand for another
 * cluster: another `clusterIdentifier` if there was one before, else another active cluster in the kubeconfig, and one
 * that is not known yet counts as another. An identifier that stays the same means the same cluster, whatever else changes;
 * giving or taking the identifier alone replaces nothing.
 */
export function diffProvider(olds: Props, news: Props): DiffResult {
  const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((key) => !equal(olds[key], news[key]));
  if (changed.length === 0) return { changes: false };
  const [before, after] = [present(olds[IDENTIFIER]), present(news[IDENTIFIER])];
  if (before && after && !changed.includes(IDENTIFIER)) return { changes: true };

  const replaces = before && after ? [IDENTIFIER] : [];
  const unknown = CLUSTER_SETTINGS.filter((key) => revealed(news[key]) instanceof Unknown);
  if (unknown.length > 0) replaces.push(...unknown);
  else if (isOtherCluster(olds, news)) replaces.push(...CLUSTER_SETTINGS.filter((key) => changed.includes(key)));
  return { changes: true, replaces };
}

function present(value: Value | undefined): boolean {
  const plain = revealed(value);
  return plain !== undefined && plain !== null && plain !== "";
}

function revealed(value: Value | undefined): Value | undefined {
  return value === undefined ? undefined : reveal(value);
}

function isOtherCluster(olds: Props, news: Props): boolean {
  const [before, after] = [clusterOf(olds), clusterOf(news)];
  return before !== undefined && after !== undefined && !isDeepStrictEqual(before, after);
}

/** The kubeconfig's entry of the active cluster; undefined if there is none that can be read. */
function clusterOf(props: Props): ActiveContext["cluster"] | undefined {
  const { kubeconfig, context, cluster } = parseSettings(reveal(props), {});
  if (kubeconfig === undefined) return undefined;
  try {
    const overrides = { ...(context === undefined ? {} : { context }), ...(cluster === undefined ? {} : { cluster }) };
    return activeContext(loadKubeconfig(kubeconfig), overrides).cluster;
  } catch {
    return undefined;
  }
}
