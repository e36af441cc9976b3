import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { REMOTE_SECRET_LABEL, remoteSecretName } from "../topology/names";
import { remoteSecretData, type RemoteAccess } from "../topology/pairs";
import { childOptions } from "./kubernetes/child-options";

/** A cluster that another one's istiod reads. */
export interface RemotePeerArgs {
  /** Istio's name for the cluster that is read. */
  readonly clusterName: pulumi.Input<string>;
  /** `https://host:port` of its API server or of what leads to it, from where the reader is. */
  readonly apiServer: pulumi.Input<string>;
  /** Name in the server's certificate, which it is also asked for by SNI, such as `DiscoveryProxy.access.serverName`. Default: the host in `apiServer`. */
  readonly serverName?: pulumi.Input<string>;
  /** PEM bundle of the server's certificate authorities, such as `IstioPrimary.credentials.caCertificate`. */
  readonly caCertificate: pulumi.Input<string>;
  /** Bearer token of the reader's ServiceAccount, such as `IstioPrimary.credentials.token`. Secret, and not recorded in the state. */
  readonly token: pulumi.Input<string>;
}

export interface RemoteSecretArgs {
  /** Mesh id, part of the Secret's name. Another one replaces it. */
  readonly meshId: pulumi.Input<string>;
  /** Namespace of the control plane that reads, such as `IstioPrimary.namespace`. */
  readonly namespace: pulumi.Input<string>;
  /** The clusters that it reads: all other members of the mesh. */
  readonly peers: pulumi.Input<pulumi.Input<RemotePeerArgs>[]>;
}

/**
 * Lets the istiod of one cluster read other clusters: one side of the peering, as one Secret with a key for each peer.
 * `MeshPeering` does it for several clusters.
 */
export class RemoteSecret extends pulumi.ComponentResource {
  /** Name of the Secret, known once it exists. */
  readonly secretName: pulumi.Output<string>;

  /** @param opts the provider of the cluster that reads, and what the component is deleted with */
  constructor(name: string, args: RemoteSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    const { meshId, namespace, peers } = args;
    super("usmesh:index:RemoteSecret", name, { meshId, namespace }, opts);
    const access = pulumi.output(peers) as pulumi.Output<RemoteAccess[]>;
    const secret = new Secret(`${name}-secret`, remoteSecretContent(meshId, namespace, access), childOptions(this, opts)());
    this.secretName = secret.metadata.name;
    this.registerOutputs({ secretName: this.secretName });
  }
}

/** The Secret with which a cluster's istiod reads others. `data` and not `stringData`: the key of a member that left is removed from the cluster too. */
export function remoteSecretContent(
  meshId: pulumi.Input<string>,
  namespace: pulumi.Input<string>,
  access: pulumi.Output<RemoteAccess[]>,
): ConstructorParameters<typeof Secret>[1] {
  return {
    metadata: {
      name: pulumi.output(meshId).apply(remoteSecretName),
      namespace,
      labels: { [REMOTE_SECRET_LABEL]: "true" },
    },
    type: "Opaque",
    data: pulumi.secret(access.apply((known) => encoded(remoteSecretData(known)))),
  };
}

function encoded(texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]));
}
