import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { REMOTE_SECRET_LABEL, remoteSecretName } from "../topology/names";
import { formatPair, othersOf, remoteSecretData, type Member, type RemoteAccess } from "../topology/pairs";
import type { Cluster } from "./cluster";
import type { IstioPrimary } from "./istio-primary";

/** A cluster of the mesh and how to read it. */
export interface PeeringMember extends Member {
  /** What istiod needs to read it. Secret. */
  readonly access: pulumi.Output<RemoteAccess>;
  /** Where this stack writes; undefined: another stack owns the cluster. */
  readonly own?: { readonly cluster: Cluster; readonly primary: IstioPrimary };
}

export interface MeshPeeringArgs {
  /** Mesh id. */
  readonly mesh: string;
  /** Every member of the mesh that is up. */
  readonly members: readonly PeeringMember[];
}

/**
 * Makes every own cluster's istiod read all other members: one Secret a cluster with a key for each of them. The providers of all
 * own clusters meet here, so each child is given its own.
 */
export class MeshPeering extends pulumi.ComponentResource {
  /** Wired pairs as `from->to`: istiod of `from` reads `to`. */
  readonly pairs: pulumi.Output<string[]>;

  constructor(name: string, args: MeshPeeringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("usmesh:index:MeshPeering", name, {}, opts);

    const wired = args.members.flatMap(({ key, own }) => {
      const others = othersOf(key, args.members);
      if (!own || others.length === 0) return [];
      const secret = new Secret(
        `${name}-${key}`,
        {
          metadata: {
            name: remoteSecretName(args.mesh),
            namespace: own.primary.namespace.metadata.name,
            labels: { [REMOTE_SECRET_LABEL]: "true" },
          },
          type: "Opaque",
          // `data` and not `stringData`: the key of a member that left goes from the cluster too.
          data: pulumi.all(others.map((other) => other.access)).apply((access) => encoded(remoteSecretData(access))),
        },
        own.cluster.options(this),
      );
      return others.map((to) => secret.id.apply(() => formatPair({ from: { key }, to })));
    });

    this.pairs = pulumi.all(wired);
    this.registerOutputs({ pairs: this.pairs });
  }
}

function encoded(texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]));
}
