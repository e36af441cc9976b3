import { stringify } from "yaml";
import { clashes, merge, type Tree } from "../../lib/merge";

/** What a kind configuration is made from. */
export interface KindNetworking {
  /** Name of the kind cluster. */
  readonly kindName: string;
  /** CIDR of the pods. */
  readonly podSubnet: string;
  /** CIDR of the Services. */
  readonly serviceSubnet: string;
  /** Number of nodes: a control plane, and workers beside it. Default: 1, where everything runs. */
  readonly nodes?: number;
}

/** What the component sets and an extra configuration cannot change. */
function fixed(cluster: KindNetworking): Tree {
  return {
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    name: cluster.kindName,
    networking: { ipFamily: "ipv4", podSubnet: cluster.podSubnet, serviceSubnet: cluster.serviceSubnet },
  };
}

/** The node of the control plane takes workloads only where it is the only node. Region and zone are labels that can change, so they are not in the configuration. */
function nodeList({ nodes = 1 }: KindNetworking): Tree[] {
  return [{ role: "control-plane" }, ...Array.from({ length: nodes - 1 }, () => ({ role: "worker" }))];
}

/**
 * The kind configuration of a cluster with `extra` merged into it, records by key and lists whole. `kindConfigClashes` says
 * beforehand what `extra` must not contain.
 */
export function kindConfig(cluster: KindNetworking, extra: Tree = {}): Record<string, unknown> {
  return merge(extra, fixed(cluster), { nodes: nodeList(cluster) });
}

/** The kind configuration as the YAML that `kind create cluster --config` reads. */
export function kindConfigYaml(cluster: KindNetworking, extra: Tree = {}): string {
  return stringify(kindConfig(cluster, extra), { lineWidth: 0 });
}

/** Which keys of `extra` would change what the component sets for this cluster, with the value that it sets. */
export function kindConfigClashes(cluster: KindNetworking, extra: Tree): { path: string; kept: unknown }[] {
  return clashes({ ...fixed(cluster), nodes: `${cluster.nodes ?? 1} of them` }, extra);
}
