import { Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { gatewayAddresses, loadBalancerRanges, type GatewayAddresses } from "../topology/addresses";
import { metallbValues } from "./charts/metallb-values";
import type { ChartModel, ClusterModel } from "../settings/model";
import { ADDRESS_POOL, METALLB_NAMESPACE } from "../topology/names";
import { chartRelease } from "./charts/chart-release";
import { customObject } from "./kubernetes/custom-object";
import type { Cluster } from "./cluster";

export interface MetalLBArgs {
  readonly cluster: Cluster;
  readonly member: ClusterModel;
  readonly metallb: ChartModel;
  /** The addresses that the cluster's gateways have; undefined when they are not there. */
  readonly current?: GatewayAddresses;
}

/** Gives a cluster's load balancers their addresses, announced by ARP. */
export class MetalLB extends pulumi.ComponentResource {
  /** The ranges that addresses are taken from. */
  readonly ranges: pulumi.Output<string[]>;
  /** The addresses that the cluster's gateways ask for: the same each time. */
  readonly gateways: pulumi.Output<GatewayAddresses>;
  /** What a load balancer has to wait for: from then on an address can be given out. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: MetalLBArgs, opts?: pulumi.ComponentResourceOptions) {
    super("usmesh:index:MetalLB", name, {}, opts);
    const { cluster, member, metallb } = args;
    this.ranges = pulumi.output(cluster.subnet).apply((subnet) => loadBalancerRanges(member, subnet));
    this.gateways = this.ranges.apply((ranges) => gatewayAddresses(ranges, args.current));

    const namespace = new Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: METALLB_NAMESPACE,
          // The speaker answers ARP on the node's own network.
          labels: { "pod-security.kubernetes.io/enforce": "privileged" },
        },
      },
      cluster.options(this),
    );
    const release = chartRelease(
      `${name}-release`,
      {
        chart: "metallb",
        release: "metallb",
        namespace: namespace.metadata.name,
        source: metallb,
        values: metallbValues(metallb),
      },
      cluster,
      cluster.options(this),
    );
    const metadata = { name: ADDRESS_POOL, namespace: namespace.metadata.name };
    const pool = customObject(
      `${name}-pool`,
      { apiVersion: "metallb.io/v1beta1", kind: "IPAddressPool", metadata, spec: { addresses: this.ranges } },
      cluster,
      this,
      release,
    );
    const advertisement = customObject(
      `${name}-advertisement`,
      { apiVersion: "metallb.io/v1beta1", kind: "L2Advertisement", metadata, spec: { ipAddressPools: [ADDRESS_POOL] } },
      cluster,
      this,
      pool,
    );

    this.ready = [pool, advertisement];
    this.registerOutputs({ ranges: this.ranges });
  }
}
