import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { remoteSecretData, type RemoteAccess } from "../topology/pairs";
import { chartRelease, recordedSource, type ChartSource } from "./charts/chart-release";
import { childOptions, dependencies } from "./kubernetes/child-options";
import { customObject } from "./kubernetes/custom-object";
import { KIALI, kialiValues } from "./charts/kiali-values";
import { SIDECAR } from "./observability/workload";
import type { RemotePeerArgs } from "./remote-secret";

export interface KialiArgs {
  /** The cluster's key: it asks the cluster's own Prometheus and Jaeger. */
  readonly key: string;
  /** Istio's name for the cluster. */
  readonly clusterName: string;
  /** Its namespace, that of Prometheus and Jaeger, such as `Observability.namespace`. */
  readonly namespace: pulumi.Input<string>;
  /** Where the chart `kiali-server` comes from. */
  readonly charts: ChartSource;
  /** Extra values of the chart. What the component needs cannot be overridden. Never a secret. Default: none. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Its image. Default: that of the chart. */
  readonly image?: string;
  /** The other clusters that it shows, with the token of `KialiAccess` in each. Its pods reach their API servers. Default: none. */
  readonly peers?: readonly RemotePeerArgs[];
  /** The administrator's kubeconfig of the cluster, with which the component looks before it writes. Secret, and not recorded in the state. */
  readonly kubeconfig: pulumi.Input<string>;
}

/** Secret that the chart mounts, with a kubeconfig for each other cluster. The chart sets the name. */
const CLUSTERS_SECRET = "kiali-multi-cluster-secret";
/** Label of what Kiali's own tools take for its access to other clusters. */
const CLUSTERS_LABEL = "kiali.io/multiCluster";
/** Annotation of its pod that changes with what it reads other clusters with: it looks at that only when it starts. */
const CLUSTERS_ANNOTATION = "usmesh.io/clusters";
/** Port of an API server whose address names none. */
const HTTPS_PORT = "443";

/**
 * Kiali of one cluster, by its own chart. It shows all clusters and changes none: it has no permission to write, forward or read Secrets.
 * Nobody in the mesh can reach it; people do by `kubectl port-forward`.
 */
export class Kiali extends pulumi.ComponentResource {
  /** @param opts the cluster's provider, what the component is deleted with, and `KialiAccess` and istiod in `dependsOn`: the pod needs the permissions and the injector */
  constructor(name: string, args: KialiArgs, opts?: pulumi.ComponentResourceOptions) {
    const { key, clusterName, namespace, charts, values, image, peers = [], kubeconfig } = args;
    const clusters = peers.map((peer) => peer.clusterName);
    super("usmesh:index:Kiali", name, { key, clusterName, namespace, charts: recordedSource(charts), values, image, clusters }, opts);
    const child = childOptions(this, opts);
    const needs = opts?.dependsOn ?? [];
    const access = pulumi.secret(pulumi.all(peers.map((peer) => pulumi.output(peer) as pulumi.Output<RemoteAccess>)));

    const secret = new Secret(
      `${name}-clusters`,
      {
        metadata: { name: CLUSTERS_SECRET, namespace, labels: { [CLUSTERS_LABEL]: "true" } },
        type: "Opaque",
        // `data` and not `stringData`: the key of a cluster that left is removed from the cluster too.
        data: pulumi.secret(access.apply((known) => Object.fromEntries(Object.entries(remoteSecretData(known)).map(([file, text]) => [file, Buffer.from(text).toString("base64")])))),
      },
      child(),
    );
    // Before Kiali: at no time may others ask it. Without any rule, nobody may.
    const policy = customObject(
      `${name}-access`,
      { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", metadata: { name: KIALI, namespace }, spec: { selector: { matchLabels: { app: KIALI } }, action: "ALLOW" } },
      kubeconfig,
      child({ dependsOn: needs }),
    );
    const annotations = {
      ...SIDECAR,
      [CLUSTERS_ANNOTATION]: fingerprint(access),
      // API servers are not part of the mesh, and the mesh may forbid requests to hosts that it does not know.
      ...(peers.length === 0 ? {} : { "traffic.sidecar.istio.io/excludeOutboundPorts": ports(access) }),
    };
    chartRelease(
      `${name}-release`,
      { chart: "kiali-server", release: KIALI, namespace, source: charts, values: kialiValues({ key, clusterName }, values, image, annotations), kubeconfig },
      child({ dependsOn: dependencies(needs, [secret, policy]) }),
    );
    this.registerOutputs({});
  }
}

/** The ports of API servers, as Istio's annotation has them. */
function ports(access: pulumi.Output<RemoteAccess[]>): pulumi.Output<string> {
  return pulumi.unsecret(access.apply((known) => [...new Set(known.map(({ apiServer }) => new URL(apiServer).port || HTTPS_PORT))].sort().join(",")));
}

/** A digest from which nothing can be found out: a token is longer, and random. */
function fingerprint(access: pulumi.Output<RemoteAccess[]>): pulumi.Output<string> {
  return pulumi.unsecret(access.apply((known) => createHash("sha256").update(JSON.stringify(remoteSecretData(known))).digest("hex").slice(0, 16)));
}
