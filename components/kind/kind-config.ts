import { stringify } from "yaml";
import { clashes, merge, type Tree } from "../../lib/merge";
import type { KindDriver } from "../../settings/model";

/** What the component sets and `kind.config` must leave alone. */
function fixed(driver: KindDriver): Tree {
  return {
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    name: driver.kindName,
    networking: { ipFamily: "ipv4", podSubnet: driver.podSubnet, serviceSubnet: driver.serviceSubnet },
  };
}

/** One node that is both control plane and worker. Its place is a label that can change: no part of what the cluster is made from. */
const NODES: readonly Tree[] = [{ role: "control-plane" }];

/**
 * The kind configuration of a cluster with `extra` merged over it, records by key and lists whole. `kindConfigClashes` tells
 * beforehand what `extra` must not contain.
 */
export function kindConfig(driver: KindDriver, extra: Tree = {}): Record<string, unknown> {
  return merge(extra, fixed(driver), { nodes: [...NODES] });
}

/** The kind configuration as the YAML that `kind create cluster --config` reads. */
export function kindConfigYaml(driver: KindDriver, extra: Tree = {}): string {
  return stringify(kindConfig(driver, extra), { lineWidth: 0 });
}

/** Which keys of `kind.config` would change what the component sets for this cluster, with the value that stands. */
export function kindConfigClashes(driver: KindDriver, extra: Tree): { path: string; stands: unknown }[] {
  return clashes({ ...fixed(driver), nodes: "one control-plane node" }, extra);
}
