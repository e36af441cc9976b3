import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { ConfigMap, Secret, Service } from "@pulumi/kubernetes/core/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { DISCOVERY_PROXY } from "../../topology/discovery";
import type { Profile } from "../charts/istio-values";
import type { ChildOptions } from "../kubernetes/child-options";
import { spreadConstraints } from "../kubernetes/spread";
import { envoyFiles, PROXY } from "./envoy";

/** Annotation of the pods that changes with the proxy's configuration. */
const CONFIG_ANNOTATION = "usmesh.io/config";

/** Seconds for which a terminating pod continues to serve, until nothing routes requests to it any more. */
const DRAIN_SECONDS = 5;

/** Replicas, and what each of them requests. The limit leaves room for the lists of a cluster with some ten thousand pods. */
const SIZES = {
  demo: { replicas: 1, requests: { cpu: "10m", memory: "64Mi" } },
  production: { replicas: 2, requests: { cpu: "100m", memory: "96Mi" } },
} as const;

/** The user as which Istio's images run a proxy. */
const USER = 1337;

export interface WorkloadArgs {
  readonly namespace: pulumi.Input<string>;
  /** Namespace of the control plane. */
  readonly system: pulumi.Input<string>;
  readonly image: pulumi.Input<string>;
  readonly profile: Profile;
  /** PEM of the proxy's certificate. */
  readonly certificate: pulumi.Input<string>;
  /** PEM of its key. Secret. */
  readonly key: pulumi.Input<string>;
}

/** The proxy's pods and their Service. @returns what is there once the proxy serves */
export function discoveryWorkload(name: string, args: WorkloadArgs, child: ChildOptions): { deployment: Deployment; service: Service } {
  const { namespace, profile } = args;
  const { replicas, requests } = SIZES[profile];
  const labels = { app: DISCOVERY_PROXY, "app.kubernetes.io/name": DISCOVERY_PROXY };
  const metadata = { name: DISCOVERY_PROXY, namespace, labels };

  const files = pulumi.output(args.system).apply((system) => envoyFiles({ system, logAll: profile === "demo" }));
  const config = new ConfigMap(`${name}-config`, { metadata, data: files }, child());
  const certificate = new Secret(
    `${name}-certificate`,
    {
      metadata,
      type: "kubernetes.io/tls",
      data: pulumi.secret(pulumi.all([args.certificate, args.key]).apply(([pem, key]) => ({ "tls.crt": base64(pem), "tls.key": base64(key) }))),
    },
    child(),
  );
  const deployment = new Deployment(
    `${name}-deployment`,
    {
      metadata,
      spec: {
        replicas,
        selector: { matchLabels: { app: DISCOVERY_PROXY } },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: {
          metadata: {
            labels: { ...labels, "sidecar.istio.io/inject": "false" },
            annotations: {
              [CONFIG_ANNOTATION]: files.apply((texts) => createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 16)),
              "prometheus.io/scrape": "true",
              "prometheus.io/port": String(PROXY.statusPort),
              "prometheus.io/path": "/metrics",
            },
          },
          spec: {
            // The caller's token is passed on; the proxy needs none of its own.
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: { runAsNonRoot: true, runAsUser: USER, runAsGroup: USER, seccompProfile: { type: "RuntimeDefault" } },
            ...(replicas > 1 ? { topologySpreadConstraints: spreadConstraints({ app: DISCOVERY_PROXY }) } : {}),
            containers: [
              {
                name: "envoy",
                image: args.image,
                imagePullPolicy: "IfNotPresent",
                command: ["/usr/local/bin/envoy"],
                args: ["--config-path", `${PROXY.config}/envoy.yaml`, "--concurrency", "2", "--disable-hot-restart", "--log-level", "warn"],
                ports: [
                  { name: "https", containerPort: PROXY.port },
                  { name: "http-status", containerPort: PROXY.statusPort },
                ],
                readinessProbe: { httpGet: { path: "/ready", port: PROXY.statusPort }, periodSeconds: 5, failureThreshold: 3 },
                livenessProbe: { httpGet: { path: "/live", port: PROXY.statusPort }, periodSeconds: 10, failureThreshold: 6 },
                lifecycle: { preStop: { sleep: { seconds: DRAIN_SECONDS } } },
                resources: { requests, limits: { cpu: "1", memory: "256Mi" } },
                securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
                volumeMounts: [
                  { name: "config", mountPath: PROXY.config, readOnly: true },
                  { name: "certificate", mountPath: PROXY.certificate, readOnly: true },
                  { name: "api-server", mountPath: PROXY.apiServerCA.slice(0, PROXY.apiServerCA.lastIndexOf("/")), readOnly: true },
                ],
              },
            ],
            volumes: [
              { name: "config", configMap: { name: config.metadata.name } },
              { name: "certificate", secret: { secretName: certificate.metadata.name } },
              { name: "api-server", configMap: { name: "kube-root-ca.crt" } },
            ],
          },
        },
      },
    },
    child(),
  );
  if (replicas > 1) {
    new PodDisruptionBudget(`${name}-budget`, { metadata, spec: { minAvailable: 1, selector: { matchLabels: { app: DISCOVERY_PROXY } } } }, child());
  }
  const service = new Service(
    `${name}-service`,
    {
      metadata: {
        ...metadata,
        // Only the east-west gateway leads here: no other proxy needs to know of it.
        annotations: { "networking.istio.io/exportTo": args.system },
      },
      spec: { selector: { app: DISCOVERY_PROXY }, ports: [{ name: "tls", port: 443, protocol: "TCP", targetPort: PROXY.port }] },
    },
    child(),
  );
  return { deployment, service };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
