import * as pulumi from "@pulumi/pulumi";
import { ALL_SERVICES, FAILOVER_RULE } from "../topology/names";
import { childOptions } from "./kubernetes/child-options";
import { customObject } from "./kubernetes/custom-object";

/** When an endpoint counts as failed, and where its requests go instead. */
export interface FailoverOptions {
  /** Errors in a row after which an endpoint is ejected; so many requests fail before others are sent elsewhere. Default: 5. */
  readonly consecutiveErrors?: number;
  /** Seconds between two looks at which ejected endpoints may come back. Default: 5. */
  readonly intervalSeconds?: number;
  /** Seconds for which an endpoint is ejected, times how often it was ejected in a row. Default: 30. */
  readonly ejectionSeconds?: number;
  /**
   * Seconds for a connection to be made, TLS handshake included. A frozen server still accepts connections, and a request that waits for one
   * is not timed by its route's `perTryTimeout`: only this says that the endpoint has failed. Default: 2; Istio's own is 10.
   */
  readonly connectTimeoutSeconds?: number;
  /** Share of a service's endpoints that may be ejected, from 1 to 100. Default: 100, since another network is one endpoint for each gateway. */
  readonly maxEjectionPercent?: number;
  /** By region: the region that takes over first. Default: all others, each endpoint alike. */
  readonly regions?: Readonly<Record<string, string>>;
}

export interface FailoverArgs extends FailoverOptions {
  /** Namespace of the control plane, such as `IstioPrimary.namespace`: a rule there is for all namespaces. */
  readonly namespace: pulumi.Input<string>;
  /** The administrator's kubeconfig of the cluster, with which the component looks before it writes. Secret, and not recorded in the state. */
  readonly kubeconfig: pulumi.Input<string>;
}

/**
 * Keeps the requests of a cluster's proxies in their region, and sends them to another where a service fails. It is a DestinationRule:
 * istiod gives endpoints priorities by locality only where a rule with outlier detection applies, not for a mesh-wide default.
 */
export class Failover extends pulumi.ComponentResource {
  /** @param opts the cluster's provider, what the component is deleted with, and istiod in `dependsOn`: its webhook checks the rule */
  constructor(name: string, args: FailoverArgs, opts?: pulumi.ComponentResourceOptions) {
    const { namespace, kubeconfig, consecutiveErrors = 5, intervalSeconds = 5, ejectionSeconds = 30, connectTimeoutSeconds = 2 } = args;
    const { maxEjectionPercent = 100, regions = {} } = args;
    const numbers = { consecutiveErrors, intervalSeconds, ejectionSeconds, connectTimeoutSeconds, maxEjectionPercent };
    super("usmesh:index:Failover", name, { namespace, ...numbers, regions }, opts);
    const child = childOptions(this, opts);
    const order = Object.entries(regions).map(([from, to]) => ({ from, to }));
    customObject(
      `${name}-rule`,
      {
        apiVersion: "networking.istio.io/v1",
        kind: "DestinationRule",
        metadata: { name: FAILOVER_RULE, namespace },
        spec: {
          // A rule that somebody writes for a single host replaces this one for that host.
          host: ALL_SERVICES,
          trafficPolicy: {
            loadBalancer: { localityLbSetting: { enabled: true, ...(order.length > 0 ? { failover: order } : {}) } },
            connectionPool: { tcp: { connectTimeout: `${connectTimeoutSeconds}s` } },
            outlierDetection: {
              consecutive5xxErrors: consecutiveErrors,
              interval: `${intervalSeconds}s`,
              baseEjectionTime: `${ejectionSeconds}s`,
              maxEjectionPercent,
              // Where everything is ejected, requests go to all of it: a service that has nowhere to go is not cut off. As long as another
              // priority is healthy, Envoy does not do that.
              minHealthPercent: 1,
            },
          },
        },
      },
      kubeconfig,
      child({ dependsOn: opts?.dependsOn ?? [] }),
    );
    this.registerOutputs({});
  }
}
