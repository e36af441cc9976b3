import { NETWORK_LABEL } from "../../topology/names";
import type { StackFacts } from "./facts";
import { inputText, latestState, type Resource, type ResourceState, type ResourceTree } from "./resources";
import { TYPES } from "./types";

/** What distinguishes a cluster from the others of the mesh. A resource may hold only one of the two. */
interface Identity {
  readonly clusterName: string | undefined;
  readonly network: string | undefined;
}

/**
 * Finds the cluster that a resource is in. Resources in one cluster share its provider, whose parent is the cluster's component, and
 * some of them hold Istio's name for the cluster or for its network. The settings and the last outputs map these names to keys.
 */
export class ClusterKeys {
  private readonly keys = new Map<string, string>();

  constructor(
    private readonly tree: ResourceTree,
    private readonly facts: Pick<StackFacts, "model" | "previous">,
  ) {
    for (const resource of tree.all) {
      const cluster = this.clusterOf(resource);
      const key = cluster && this.keyIn(resource);
      if (key !== undefined) this.keys.set(cluster!.urn, key);
    }
  }

  /** The component of the cluster that a resource is in; undefined for a resource that is not in one cluster. */
  clusterOf(resource: Resource): Resource | undefined {
    if (resource.type === TYPES.cluster) return resource;
    const parent = this.tree.parentOf(resource);
    if (parent?.type === TYPES.cluster) return parent;
    const provider = this.tree.find(latestState(resource)?.provider);
    if (provider?.type === TYPES.provider) return this.tree.parentOf(provider);
    // A control plane is in the cluster that its children are in.
    if (resource.type !== TYPES.primary) return undefined;
    const [child] = this.tree.childrenOf(resource);
    return child && this.clusterOf(child);
  }

  /** The key of the cluster that a resource is in; undefined when it cannot be determined. */
  keyOf(resource: Resource): string | undefined {
    const cluster = this.clusterOf(resource);
    if (cluster === undefined) return undefined;
    const known = [...this.facts.model.clusters.map(({ key }) => key), ...Object.keys(this.facts.previous?.clusters ?? {})];
    // Before Istio is installed, only the component's name is left.
    return this.keys.get(cluster.urn) ?? known.find((key) => key === cluster.name);
  }

  /** The key of the cluster that a resource's own inputs name. */
  private keyIn(resource: Resource): string | undefined {
    const [before, after] = [identityIn(resource, resource.before), identityIn(resource, resource.after)];
    const wanted = after && this.facts.model.clusters.find((cluster) => isSame(cluster, after))?.key;
    const was = before && Object.entries(this.facts.previous?.clusters ?? {}).find(([, cluster]) => isSame(cluster, before))?.[0];
    return wanted ?? was;
  }
}

function isSame(cluster: { readonly clusterName: string; readonly network: string }, { clusterName, network }: Identity): boolean {
  return clusterName === undefined ? cluster.network === network : cluster.clusterName === clusterName;
}

/** The names that a resource holds of its cluster; undefined when it holds none. */
function identityIn({ type }: Resource, state: ResourceState | undefined): Identity | undefined {
  const read: Readonly<Record<string, () => Identity>> = {
    [TYPES.primary]: () => ({ clusterName: inputText(state, "clusterName"), network: inputText(state, "network") }),
    [TYPES.release]: () => ({
      clusterName: inputText(state, "values", "global", "multiCluster", "clusterName"),
      network: inputText(state, "values", "global", "network"),
    }),
    [TYPES.namespace]: () => ({ clusterName: undefined, network: inputText(state, "metadata", "labels", NETWORK_LABEL) }),
  };
  const identity = read[type]?.();
  return identity && (identity.clusterName ?? identity.network) !== undefined ? identity : undefined;
}
