import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { clusterIdentity } from "../lib/kubeconfig";
import { UserError } from "../lib/errors";
import { refusal } from "../lib/refusal";
import type { ClusterOutputs, MeshOutputs } from "./contract";
import { PeerError } from "./peers";

/** A cluster of the mesh, as its stack exports it. */
export interface MeshCluster extends ClusterOutputs {
  /** The cluster's key, such as `west`. */
  readonly key: string;
  /** The administrator's kubeconfig. Secret. Absent when the stack does not export it (its setting `usmesh:outputs.kubeconfigs`). */
  readonly kubeconfig?: pulumi.Output<string>;
}

/** What a stack exports of the mesh: the clusters that it owns, as they were when it was last brought up. */
export class Mesh {
  /** Mesh id. */
  readonly name: string;
  /** SPIFFE trust domain. */
  readonly trustDomain: string;
  /** The stack's own clusters, by key. */
  readonly clusters: Readonly<Record<string, MeshCluster>>;
  /** Which roots the clusters trust, and which of them signs; undefined while the stack's authority is not up. */
  readonly trust: MeshOutputs["trust"];
  /** Wired pairs as `from->to`: workloads in `from` find those in `to`. */
  readonly pairs: readonly string[];

  private readonly providers = new Map<string, Provider>();

  constructor(
    /** Name of the stack: `organization/project/stack`. */
    readonly stack: string,
    outputs: MeshOutputs,
  ) {
    this.name = outputs.mesh.name;
    this.trustDomain = outputs.mesh.trustDomain;
    this.trust = outputs.trust;
    this.pairs = outputs.pairs;
    this.clusters = Object.fromEntries(
      Object.entries(outputs.clusters).map(([key, cluster]) => {
        const kubeconfig = outputs.kubeconfigs[key];
        return [key, { key, ...cluster, ...(kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(kubeconfig) }) }];
      }),
    );
  }

  /**
   * A cluster by its key.
   * @throws RunError naming the mesh's clusters, when it is not one of them
   */
  cluster(key: string): MeshCluster {
    const keys = Object.keys(this.clusters);
    const cluster = keys.includes(key) ? this.clusters[key] : undefined;
    if (cluster) return cluster;
    throw refusal(new UserError("cluster-unknown", `stack ${this.stack} has no cluster ${key}; it has: ${keys.join(", ")}`));
  }

  /**
   * The provider with which to write to a cluster, created at the first call. When the cluster was replaced by another one, what was
   * written with the provider is recreated; when a kind cluster no longer exists, it is removed from the state.
   * @param opts options of the provider resource, which is named after mesh and cluster; those of the first call are used
   * @throws RunError when the stack does not export the cluster's kubeconfig
   */
  provider(key: string, opts?: pulumi.ResourceOptions): Provider {
    const { kubeconfig, driver } = this.cluster(key);
    if (kubeconfig === undefined) {
      const remedy = "Set usmesh:outputs.kubeconfigs to true there and bring it up again, or make a provider with a kubeconfig of your own";
      throw refusal(new PeerError("kubeconfig-not-exported", this.stack, `it does not export the kubeconfig of its cluster ${key}. ${remedy}`));
    }
    const provider = this.providers.get(key) ?? clusterProvider(`${this.name}-${key}`, kubeconfig, driver === "kind", opts);
    this.providers.set(key, provider);
    return provider;
  }
}

function clusterProvider(name: string, kubeconfig: pulumi.Output<string>, isKind: boolean, opts?: pulumi.ResourceOptions): Provider {
  const clusterIdentifier = pulumi.unsecret(kubeconfig.apply(clusterIdentity));
  // A kind cluster that does not answer is gone. Any other may answer again: what is in it is not forgotten.
  return new Provider(name, { kubeconfig, clusterIdentifier, ...(isKind ? { deleteUnreachable: true } : {}) }, opts);
}
