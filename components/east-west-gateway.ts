import * as pulumi from "@pulumi/pulumi";
import { isDeepStrictEqual } from "node:util";
import { ALL_HOSTS, CROSS_NETWORK_GATEWAY, CROSS_NETWORK_PORT, EAST_WEST_GATEWAY, EAST_WEST_SELECTOR, HOSTS_ANNOTATION } from "../topology/names";
import { chartRelease, recordedSource, type ChartSource } from "./charts/chart-release";
import { merge } from "../lib/merge";
import type { Revision } from "../topology/revisions";
import { eastWestGatewayValues, servedBy, withAddress, type Profile } from "./charts/istio-values";
import { childOptions, dependencies, originOf } from "./kubernetes/child-options";
import { customObject } from "./kubernetes/custom-object";
import { loadBalancerAddress } from "./kubernetes/load-balancer";

export interface EastWestGatewayArgs {
  /** Istio's name for the cluster's network, such as `west-network`. */
  readonly network: pulumi.Input<string>;
  /** Namespace of the gateway, such as `IstioPrimary.namespace`. */
  readonly namespace: pulumi.Input<string>;
  /** `demo`: one replica; `production`: two. Default: `demo`. */
  readonly profile?: Profile;
  /** Where the chart `gateway` comes from. */
  readonly charts: ChartSource;
  /** Revision of the istiod that serves it. Default: `default`, an istiod without a revision. */
  readonly revision?: Revision;
  /** Services that other networks can reach, by name or as `*.domain`. Default: `["*.local"]`, all of the cluster. */
  readonly hosts?: readonly string[];
  /** Extra values of the chart. What makes it a gateway between networks cannot be overridden. Never a secret. Default: none. */
  readonly values?: Readonly<Record<string, unknown>>;
  /**
   * The address that the load balancer asks for. The gateway's release waits for what the address comes from, such as MetalLB's pool.
   * Default: the address that it is given.
   */
  readonly address?: pulumi.Input<string>;
  /** The administrator's kubeconfig of the cluster, with which the component looks before it writes. Secret, and not recorded in the state. */
  readonly kubeconfig: pulumi.Input<string>;
}

/** The gateway for requests from other networks to a cluster's services. It forwards mutual TLS without terminating it, by SNI. */
export class EastWestGateway extends pulumi.ComponentResource {
  /** Where other networks reach the gateway: an IP address or a host name. */
  readonly address: pulumi.Output<string>;

  /** @param opts the cluster's provider, what the component is deleted with, and istiod in `dependsOn`: the gateway needs its injector */
  constructor(name: string, args: EastWestGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    const { network, namespace, charts, values, address, kubeconfig, revision, hosts = ALL_HOSTS } = args;
    const profile = args.profile ?? "demo";
    // Without the address: the whole component would wait for it.
    super("usmesh:index:EastWestGateway", name, { network, namespace, profile, charts: recordedSource(charts), values, revision, hosts }, opts);
    const child = childOptions(this, opts);
    const needs = opts?.dependsOn ?? [];

    const release = chartRelease(
      `${name}-release`,
      {
        chart: "gateway",
        release: EAST_WEST_GATEWAY,
        namespace,
        source: charts,
        values: withAddress(merge(eastWestGatewayValues(network, profile, values), servedBy(revision)), address),
        kubeconfig,
      },
      child({ dependsOn: dependencies(needs, originOf(address)) }),
    );
    // The intended hosts are recorded, so that `verify` notices when others were added.
    const annotations = isDeepStrictEqual(hosts, ALL_HOSTS) ? {} : { annotations: { [HOSTS_ANNOTATION]: hosts.join(",") } };
    customObject(
      `${name}-gateway`,
      {
        apiVersion: "networking.istio.io/v1",
        kind: "Gateway",
        metadata: { name: CROSS_NETWORK_GATEWAY, namespace, ...annotations },
        spec: {
          selector: { istio: EAST_WEST_SELECTOR },
          servers: [
            {
              port: { number: CROSS_NETWORK_PORT, name: "tls", protocol: "TLS" },
              tls: { mode: "AUTO_PASSTHROUGH" },
              hosts: [...hosts],
            },
          ],
        },
      },
      kubeconfig,
      child({ dependsOn: needs }),
    );

    this.address = loadBalancerAddress(`${name}-service`, release, child());
    this.registerOutputs({ address: this.address });
  }
}
