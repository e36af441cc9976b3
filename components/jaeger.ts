import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { ISTIO_NAMESPACE } from "../topology/names";
import { childOptions } from "./kubernetes/child-options";
import { customObject } from "./kubernetes/custom-object";
import type { ClusterObserverArgs } from "./observability/cluster-observer-args";
import { TRACING_PROVIDER } from "./observability/istio-values";
import { jaegerConfig } from "./observability/jaeger-config";
import { DEFAULT_TRACES, jaegerMiB } from "./observability/memory";
import { PORTS } from "./observability/ports";
import { CONFIG_FILE, observerWorkload } from "./observability/workload";

export interface JaegerArgs extends ClusterObserverArgs {
  /** Share of the requests that are traced, from 0 to 100, unless the client decides by the header `traceparent`. Default: 1. */
  readonly samplingPercent?: number;
  /** Traces that it keeps in memory, the newest. The limit of its memory follows from it. Default: 1000. */
  readonly maxTraces?: number;
}

/** Name of its ServiceAccount and its policy. */
const APP = "jaeger";

/**
 * Jaeger of one cluster, and the tracing of the cluster's proxies. It gives the spans of the cluster to every other Jaeger of the mesh, so
 * that each of them has whole traces, and no trace is lost when a cluster fails.
 */
export class Jaeger extends pulumi.ComponentResource {
  /** @param opts the cluster's provider, what the component is deleted with, and istiod in `dependsOn`: the pod needs its injector */
  constructor(name: string, args: JaegerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { key, peers = [], askers, namespace, trustDomain, image, samplingPercent = 1, maxTraces = DEFAULT_TRACES, kubeconfig } = args;
    super("usmesh:index:Jaeger", name, { key, peers, askers, namespace, trustDomain, image, samplingPercent, maxTraces }, opts);
    const child = childOptions(this, opts);
    const needs = opts?.dependsOn ?? [];
    const config = jaegerConfig({ peers, maxTraces });
    const limit = jaegerMiB(maxTraces);
    const account = (of: string) => pulumi.interpolate`${trustDomain}/ns/${namespace}/sa/${of}`;

    observerWorkload(
      name,
      {
        app: APP,
        key,
        namespace,
        image,
        config,
        // It reads its configuration when it starts.
        annotations: { "usmesh.io/config": createHash("sha256").update(config).digest("hex").slice(0, 16) },
        args: [`--config=${CONFIG_FILE}`],
        // It does not see the limit by itself.
        env: { GOMEMLIMIT: `${Math.floor(limit * 0.9)}MiB` },
        ports: { "grpc-spans": PORTS.spans, "grpc-peer-spans": PORTS.peerSpans, "http-query": PORTS.query },
        probes: { port: PORTS.health, ready: "/status", live: "/status" },
        memory: { request: "60Mi", limit: `${limit}Mi` },
        usesApiServer: false,
      },
      child,
      needs,
    );
    const istio = (suffix: string, group: string, kind: string, metadata: { name: string; namespace: pulumi.Input<string> }, spec: Record<string, unknown>) =>
      customObject(`${name}-${suffix}`, { apiVersion: `${group}.istio.io/v1`, kind, metadata, spec }, kubeconfig, child({ dependsOn: needs }));
    istio("access", "security", "AuthorizationPolicy", { name: APP, namespace }, {
      selector: { matchLabels: { app: APP } },
      action: "ALLOW",
      rules: [
        // Every proxy of the mesh.
        { from: [{ source: { namespaces: ["*"] } }], to: [{ operation: { ports: [String(PORTS.spans)] } }] },
        { from: [{ source: { principals: [account(APP)] } }], to: [{ operation: { ports: [String(PORTS.peerSpans)] } }] },
        ...(askers === undefined ? [] : [{ from: [{ source: { principals: askers.map(account) } }], to: [{ operation: { ports: [String(PORTS.query)] } }] }]),
      ],
    });
    istio("tracing", "telemetry", "Telemetry", { name: "usmesh-tracing", namespace: ISTIO_NAMESPACE }, {
      tracing: [{ providers: [{ name: TRACING_PROVIDER }], randomSamplingPercentage: samplingPercent }],
    });
    this.registerOutputs({});
  }
}
