import { ClusterRole, ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1";
import * as pulumi from "@pulumi/pulumi";
import { childOptions } from "./kubernetes/child-options";
import { customObject } from "./kubernetes/custom-object";
import type { ClusterObserverArgs } from "./observability/cluster-observer-args";
import { DEFAULT_MEMORY_MIB, DEFAULT_TRACES, prometheusMiB } from "./observability/memory";
import { PORTS } from "./observability/ports";
import { prometheusConfig } from "./observability/prometheus-config";
import { CONFIG_FILE, observerWorkload } from "./observability/workload";

export interface PrometheusArgs extends ClusterObserverArgs {
  /** Seconds between two readings. Default: 15. */
  readonly scrapeIntervalSeconds?: number;
  /** Hours for which it keeps what it has read. Default: 24. */
  readonly retentionHours?: number;
  /** Most memory that its container may take, in MiB. Default: what the defaults of `Observability` leave for it. */
  readonly limitMiB?: number;
}

/** Name of its ServiceAccount, and of what is in the cluster for it alone. */
const APP = "prometheus";
/** Name of its ClusterRole and ClusterRoleBinding. */
const ROLE = "usmesh-prometheus";
/** Where it writes. */
const DATA = "/prometheus";

/** Seconds for which the last value of a series is shown, at least. */
const MIN_LOOKBACK_SECONDS = 60;

/**
 * Prometheus of one cluster. It reads istiod and every proxy of the cluster, and through the mesh the Prometheus of every other cluster, so
 * that each of them answers for all.
 */
export class Prometheus extends pulumi.ComponentResource {
  /** @param opts the cluster's provider, what the component is deleted with, and istiod in `dependsOn`: the pod needs its injector */
  constructor(name: string, args: PrometheusArgs, opts?: pulumi.ComponentResourceOptions) {
    const { key, peers = [], askers, namespace, trustDomain, image, scrapeIntervalSeconds = 15, retentionHours = 24, kubeconfig } = args;
    const limitMiB = args.limitMiB ?? prometheusMiB({ memoryMiB: DEFAULT_MEMORY_MIB, maxTraces: DEFAULT_TRACES });
    super("usmesh:index:Prometheus", name, { key, peers, askers, namespace, trustDomain, image, scrapeIntervalSeconds, retentionHours, limitMiB }, opts);
    const child = childOptions(this, opts);
    const needs = opts?.dependsOn ?? [];
    const account = (of: string) => pulumi.interpolate`${trustDomain}/ns/${namespace}/sa/${of}`;

    const role = new ClusterRole(`${name}-role`, { metadata: { name: ROLE }, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] }] }, child());
    const binding = new ClusterRoleBinding(
      `${name}-binding`,
      {
        metadata: { name: ROLE },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: APP, namespace }],
      },
      child(),
    );
    observerWorkload(
      name,
      {
        app: APP,
        key,
        namespace,
        image,
        config: prometheusConfig({ key, peers, scrapeIntervalSeconds, retentionHours }),
        // It reads each pod by its own address and not a Service, which is not what a sidecar routes.
        annotations: { "traffic.sidecar.istio.io/excludeOutboundPorts": `${PORTS.proxyStatistics},${PORTS.istiodStatistics}` },
        args: [
          `--config.file=${CONFIG_FILE}`,
          `--storage.tsdb.path=${DATA}`,
          `--web.listen-address=0.0.0.0:${PORTS.prometheus}`,
          // A cluster that joins changes the configuration: a pod that started again would have lost what it had read.
          "--config.auto-reload",
          // What another cluster's Prometheus no longer reads does not end by itself here: it would be shown for five minutes more.
          `--query.lookback-delta=${Math.max(MIN_LOOKBACK_SECONDS, 4 * scrapeIntervalSeconds)}s`,
        ],
        ports: { "http-prometheus": PORTS.prometheus },
        probes: { port: PORTS.prometheus, ready: "/-/ready", live: "/-/healthy" },
        folder: DATA,
        // Prometheus tries to stay below the limit.
        memory: { request: "80Mi", limit: `${limitMiB}Mi` },
        usesApiServer: true,
      },
      child,
      needs,
      [binding],
    );
    customObject(
      `${name}-access`,
      {
        apiVersion: "security.istio.io/v1",
        kind: "AuthorizationPolicy",
        metadata: { name: APP, namespace },
        spec: {
          selector: { matchLabels: { app: APP } },
          action: "ALLOW",
          rules: [
            { from: [{ source: { principals: [account(APP)] } }], to: [{ operation: { paths: ["/federate"] } }] },
            ...(askers === undefined ? [] : [{ from: [{ source: { principals: askers.map(account) } }], to: [{ operation: { paths: ["/api/v1/*"] } }] }]),
          ],
        },
      },
      kubeconfig,
      child({ dependsOn: needs }),
    );
    this.registerOutputs({});
  }
}
