import type * as pulumi from "@pulumi/pulumi";

/** What Prometheus and Jaeger of a cluster both need. */
export interface ClusterObserverArgs {
  /** The cluster's key, with which the names of its Services end: `prometheus-<key>`, `jaeger-<key>`. Metrics have it as the label `cluster`. */
  readonly key: string;
  /** Keys of the other clusters of the mesh: their metrics are read from their Prometheus, and their Jaeger gets the spans of this cluster. Default: none. */
  readonly peers?: readonly string[];
  /** Names of the ServiceAccounts of the namespace, in any cluster, that may send queries. Default: none. */
  readonly askers?: readonly string[];
  /** The namespace, whose pods get a sidecar. */
  readonly namespace: pulumi.Input<string>;
  /** SPIFFE trust domain of the mesh. */
  readonly trustDomain: pulumi.Input<string>;
  /** Image of Prometheus 3, or of Jaeger 2. */
  readonly image: pulumi.Input<string>;
  /** The administrator's kubeconfig of the cluster, with which the component looks before it writes. Secret, and not recorded in the state. */
  readonly kubeconfig: pulumi.Input<string>;
}
