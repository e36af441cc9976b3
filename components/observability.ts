import { Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { INJECTION_LABEL, OBSERVABILITY_NAMESPACE } from "../topology/names";
import { Jaeger, type JaegerArgs } from "./jaeger";
import { childOptions } from "./kubernetes/child-options";
import { customObject } from "./kubernetes/custom-object";
import { DEFAULT_MEMORY_MIB, DEFAULT_TRACES, prometheusMiB } from "./observability/memory";
import { Prometheus, type PrometheusArgs } from "./prometheus";

/** What observes one cluster. Each field is that of {@link PrometheusArgs} or {@link JaegerArgs}. */
export interface ObservabilityArgs extends Omit<PrometheusArgs & JaegerArgs, "namespace" | "image" | "limitMiB"> {
  /** Most memory that both may take together with their sidecars, in MiB: what Jaeger does not need for its traces is Prometheus'. Default: 400. */
  readonly memoryMiB?: number;
  /** Image of Prometheus 3, and of Jaeger 2. */
  readonly images: { readonly prometheus: pulumi.Input<string>; readonly jaeger: pulumi.Input<string> };
}

/** Prometheus and Jaeger of one cluster, in a namespace of their own, wired with those of the other clusters of the mesh. */
export class Observability extends pulumi.ComponentResource {
  /** Name of the namespace of both, known once it exists. */
  readonly namespace: pulumi.Output<string>;

  /**
   * The proxies send spans only where the chart `istiod` has the values of `observedIstiod`.
   * @param opts the cluster's provider, what the component is deleted with, and istiod in `dependsOn`: the pods need its injector
   */
  constructor(name: string, args: ObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    const { key, peers = [], askers, trustDomain, images, scrapeIntervalSeconds, retentionHours, samplingPercent, kubeconfig } = args;
    const { maxTraces = DEFAULT_TRACES, memoryMiB = DEFAULT_MEMORY_MIB } = args;
    super("usmesh:index:Observability", name, { key, peers, askers, trustDomain, images, scrapeIntervalSeconds, retentionHours, samplingPercent, maxTraces, memoryMiB }, opts);
    const child = childOptions(this, opts);
    const { deletedWith, dependsOn = [] } = opts ?? {};
    const part = { parent: this, dependsOn, ...(deletedWith ? { deletedWith } : {}) };

    const namespace = new Namespace(
      `${name}-namespace`,
      { metadata: { name: OBSERVABILITY_NAMESPACE, labels: { [INJECTION_LABEL]: "enabled" } } },
      child(),
    ).metadata.name;
    customObject(
      `${name}-quiet`,
      {
        apiVersion: "telemetry.istio.io/v1",
        kind: "Telemetry",
        metadata: { name: "quiet", namespace },
        // Spans about the sending of spans would never end.
        spec: { tracing: [{ disableSpanReporting: true }], accessLogging: [{ disabled: true }] },
      },
      kubeconfig,
      child({ dependsOn }),
    );
    customObject(
      `${name}-scope`,
      {
        apiVersion: "networking.istio.io/v1",
        kind: "Sidecar",
        metadata: { name: "default", namespace },
        // Their proxies need the Services of this namespace, in all clusters, and the API server, also where the mesh lets nobody send
        // requests to what it does not know. Of others they need not know, so the memory that they take does not grow with the mesh.
        spec: { egress: [{ hosts: ["./*", "default/kubernetes.default.svc.cluster.local"] }] },
      },
      kubeconfig,
      child({ dependsOn }),
    );
    this.namespace = namespace;
    const shared = { key, peers, askers, namespace, trustDomain, kubeconfig };
    new Prometheus(`${name}-prometheus`, { ...shared, image: images.prometheus, scrapeIntervalSeconds, retentionHours, limitMiB: prometheusMiB({ memoryMiB, maxTraces }) }, part);
    new Jaeger(`${name}-jaeger`, { ...shared, image: images.jaeger, samplingPercent, maxTraces }, part);
    this.registerOutputs({});
  }
}
