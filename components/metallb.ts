import { Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { ADDRESS_POOL, METALLB_NAMESPACE } from "../topology/names";
import { chartRelease, recordedSource, type ChartSource } from "./charts/chart-release";
import { metallbValues } from "./charts/metallb-values";
import { childOptions } from "./kubernetes/child-options";
import { customObject } from "./kubernetes/custom-object";

export interface MetalLBArgs {
  /** The ranges that addresses are taken from, as `first-last` or CIDR. */
  readonly addresses: pulumi.Input<pulumi.Input<string>[]>;
  /** Where the chart `metallb` comes from. */
  readonly charts: ChartSource;
  /** Whether the cluster has one node and gets no other, as a kind cluster of one node. MetalLB is ready sooner then. Default: false. */
  readonly singleNode?: boolean;
  /** Extra values of the chart. What the component needs cannot be overridden. Never a secret. Default: none. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** The administrator's kubeconfig of the cluster, with which the component looks before it writes. Secret, and not recorded in the state. */
  readonly kubeconfig: pulumi.Input<string>;
}

/** Gives the load balancers of a cluster their addresses, announced by ARP. */
export class MetalLB extends pulumi.ComponentResource {
  /** The ranges that addresses are taken from. Known once MetalLB can give addresses out: a load balancer that uses one waits for that. */
  readonly addresses: pulumi.Output<string[]>;

  /** @param opts the cluster's provider, and what the component is deleted with */
  constructor(name: string, args: MetalLBArgs, opts?: pulumi.ComponentResourceOptions) {
    const { addresses, charts, singleNode, values, kubeconfig } = args;
    super("usmesh:index:MetalLB", name, { addresses, charts: recordedSource(charts), singleNode, values }, opts);
    const child = childOptions(this, opts);

    const namespace = new Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: METALLB_NAMESPACE,
          // The speaker answers ARP on the node's own network.
          labels: { "pod-security.kubernetes.io/enforce": "privileged" },
        },
      },
      child(),
    ).metadata.name;
    const release = chartRelease(
      `${name}-release`,
      { chart: "metallb", release: "metallb", namespace, source: charts, values: metallbValues(values, singleNode), kubeconfig },
      child(),
    );
    const metadata = { name: ADDRESS_POOL, namespace };
    const pool = customObject(
      `${name}-pool`,
      { apiVersion: "metallb.io/v1beta1", kind: "IPAddressPool", metadata, spec: { addresses } },
      kubeconfig,
      child({ dependsOn: release }),
    );
    const advertisement = customObject(
      `${name}-advertisement`,
      { apiVersion: "metallb.io/v1beta1", kind: "L2Advertisement", metadata, spec: { ipAddressPools: [ADDRESS_POOL] } },
      kubeconfig,
      child({ dependsOn: pool }),
    );

    // A URN is known once its resource exists, and in a preview at once.
    this.addresses = pulumi.all([pulumi.output(addresses), pool.urn, advertisement.urn]).apply(([known]) => known);
    this.registerOutputs({ ranges: this.addresses });
  }
}
