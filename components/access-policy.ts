import * as pulumi from "@pulumi/pulumi";
import { INGRESS_GATEWAY, ISTIO_NAMESPACE } from "../topology/names";
import { childOptions } from "./kubernetes/child-options";
import { customObject } from "./kubernetes/custom-object";

export interface AccessPolicyArgs {
  /** Name of the policy. */
  readonly policyName: string;
  /** Namespace of the workloads that it protects. */
  readonly namespace: pulumi.Input<string>;
  /** Labels of the workloads that it protects. */
  readonly selector: Readonly<Record<string, string>>;
  /**
   * Who may send requests to them, as `TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICEACCOUNT`: workloads of any cluster of the mesh, since a
   * ServiceAccount has the same identity in all of them. Everybody else is denied. See {@link ingressPrincipal}.
   */
  readonly principals: readonly pulumi.Input<string>[];
  /** The administrator's kubeconfig of the cluster, with which the component looks before it writes. Secret, and not recorded in the state. */
  readonly kubeconfig: pulumi.Input<string>;
}

/** The identity of the ingress gateways, the same in every cluster: the chart names the ServiceAccount like the release. */
export function ingressPrincipal(trustDomain: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`${trustDomain}/ns/${ISTIO_NAMESPACE}/sa/${INGRESS_GATEWAY}`;
}

/** Lets only the named identities send requests to some workloads of a cluster. Clients of other clusters are told apart in the same way. */
export class AccessPolicy extends pulumi.ComponentResource {
  /** @param opts the cluster's provider, what the component is deleted with, and istiod in `dependsOn`: its webhook checks the policy */
  constructor(name: string, args: AccessPolicyArgs, opts?: pulumi.ComponentResourceOptions) {
    const { kubeconfig, ...recorded } = args;
    super("usmesh:index:AccessPolicy", name, recorded, opts);
    const { policyName, namespace, selector, principals } = args;
    const child = childOptions(this, opts);
    customObject(
      `${name}-policy`,
      {
        apiVersion: "security.istio.io/v1",
        kind: "AuthorizationPolicy",
        metadata: { name: policyName, namespace },
        spec: { selector: { matchLabels: selector }, action: "ALLOW", rules: [{ from: [{ source: { principals } }] }] },
      },
      kubeconfig,
      child({ dependsOn: opts?.dependsOn ?? [] }),
    );
    this.registerOutputs({});
  }
}
