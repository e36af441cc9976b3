import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { formatPair, othersOf, type Member, type RemoteAccess } from "../topology/pairs";
import type { InClusterOptions } from "./cluster";
import { remoteSecretContent } from "./remote-secret";

/** A cluster of the mesh and how to read it. */
export interface PeeringMember extends Pick<Member, "key" | "clusterName" | "network"> {
  /** What istiod of the cluster `reader`, a key, needs to read it. Secret, and not recorded in the state. */
  readonly accessFor: (reader: string) => pulumi.Input<RemoteAccess>;
  /** Where the component writes the cluster's remote Secret. Default: nowhere, because another stack owns the cluster. */
  readonly own?: OwnMember;
}

/** A cluster that the component writes to. */
export interface OwnMember {
  /** Namespace of the control plane, such as `IstioPrimary.namespace`. */
  readonly namespace: pulumi.Input<string>;
  /** The cluster's provider, and what its Secret is deleted with, such as `Cluster.options`. */
  readonly options: InClusterOptions;
}

export interface MeshPeeringArgs {
  /** Mesh id, part of the Secrets' name. Another one replaces them. */
  readonly meshId: pulumi.Input<string>;
  /** Every member of the mesh that is up. */
  readonly members: readonly PeeringMember[];
  /** Generation of the tokens with which peers read this stack's clusters. Recorded in the state, and used for nothing else. Default: 1. */
  readonly generation?: number;
}

/**
 * Makes the istiod of every own cluster read all other members: one Secret per cluster with a key for each of them. It writes to several
 * clusters, and the options of a component hold only one Kubernetes provider, so the members bring their own.
 */
export class MeshPeering extends pulumi.ComponentResource {
  /** Wired pairs as `from->to`: istiod of `from` reads `to`. */
  readonly pairs: pulumi.Output<string[]>;

  constructor(name: string, args: MeshPeeringArgs, opts?: pulumi.ComponentResourceOptions) {
    const { meshId, generation = 1 } = args;
    const members = args.members.map(({ key, clusterName, network }) => ({ key, clusterName, network }));
    super("usmesh:index:MeshPeering", name, { meshId, generation, members }, opts);

    const wired = args.members.flatMap(({ key, own }) => {
      const others = othersOf(key, args.members);
      if (!own || others.length === 0) return [];
      const secret = new Secret(
        `${name}-${key}`,
        remoteSecretContent(meshId, own.namespace, pulumi.all(others.map((other) => other.accessFor(key)))),
        { parent: this, ...own.options },
      );
      return others.map((to) => secret.id.apply(() => formatPair({ from: { key }, to })));
    });

    this.pairs = pulumi.all(wired);
    this.registerOutputs({ pairs: this.pairs });
  }
}
