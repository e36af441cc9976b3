import * as pulumi from "@pulumi/pulumi";
import { MESH_WIDE_POLICY } from "../topology/names";
import { childOptions } from "./kubernetes/child-options";
import { customObject } from "./kubernetes/custom-object";

export interface MutualTlsArgs {
  /** Namespace of the control plane, such as `IstioPrimary.namespace`: a policy there is for all namespaces. */
  readonly namespace: pulumi.Input<string>;
  /** `strict`: workloads accept only mutual TLS; `permissive`: plain text too. Default: `strict`. */
  readonly mode?: "strict" | "permissive";
  /** The administrator's kubeconfig of the cluster, with which the component looks before it writes. Secret, and not recorded in the state. */
  readonly kubeconfig: pulumi.Input<string>;
}

/**
 * What the workloads of a cluster accept: only mutual TLS, or plain text from outside the mesh as well. It is a PeerAuthentication for the
 * whole mesh. One of a namespace's or a workload's own replaces it there.
 */
export class MutualTls extends pulumi.ComponentResource {
  /** @param opts the cluster's provider, what the component is deleted with, and istiod in `dependsOn`: its webhook checks the policy */
  constructor(name: string, args: MutualTlsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { namespace, kubeconfig, mode = "strict" } = args;
    super("usmesh:index:MutualTls", name, { namespace, mode }, opts);
    customObject(
      `${name}-policy`,
      {
        apiVersion: "security.istio.io/v1",
        kind: "PeerAuthentication",
        metadata: { name: MESH_WIDE_POLICY, namespace },
        spec: { mtls: { mode: mode.toUpperCase() } },
      },
      kubeconfig,
      childOptions(this, opts)({ dependsOn: opts?.dependsOn ?? [] }),
    );
    this.registerOutputs({});
  }
}
