import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { ConfigMap, Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type { Resource } from "@pulumi/pulumi";
import type * as pulumi from "@pulumi/pulumi";
import { observer } from "../../topology/names";
import { type ChildOptions, dependencies, type DependsOn } from "../kubernetes/child-options";
import { SIDECAR_MIB } from "./memory";

/** A program that observes the mesh, with one pod. */
export interface ObserverArgs {
  /** Name of its ServiceAccount, ConfigMap and Deployment, and its label `app`. */
  readonly app: "prometheus" | "jaeger";
  /** The cluster's key, part of the Service's name. */
  readonly key: string;
  readonly namespace: pulumi.Input<string>;
  readonly image: pulumi.Input<string>;
  /** Its configuration, which the container sees as `/etc/observer/config.yaml`. */
  readonly config: string;
  /** Annotations of its pod. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Its ports by name. Istio tells the protocol by how a name begins. */
  readonly ports: Readonly<Record<string, number>>;
  /** Where Kubernetes asks whether it can be used, and whether it lives. */
  readonly probes: { readonly port: number; readonly ready: string; readonly live: string };
  /** Folder that it writes to, which lives as long as the pod. Default: none. */
  readonly folder?: string;
  readonly memory: { readonly request: string; readonly limit: string };
  /** Whether it talks to the API server. */
  readonly usesApiServer: boolean;
}

/** Where the configuration is mounted. */
const CONFIG_FOLDER = "/etc/observer";
/** Path of the configuration in the container. */
export const CONFIG_FILE = `${CONFIG_FOLDER}/config.yaml`;
/** What the sidecar may take. Where one of these is set, Istio takes none from its defaults. Its threads follow from the processors. */
export const SIDECAR: Readonly<Record<string, string>> = {
  "sidecar.istio.io/proxyCPU": "10m",
  "sidecar.istio.io/proxyCPULimit": "1",
  "sidecar.istio.io/proxyMemory": "40Mi",
  "sidecar.istio.io/proxyMemoryLimit": `${SIDECAR_MIB}Mi`,
};
/** Id of the user `nobody`. */
const NOBODY = 65_534;

/**
 * A ServiceAccount, configuration, Service and Deployment.
 * @param needs what its pod has to wait for: istiod, without whose injector it would start outside the mesh
 * @returns its ServiceAccount
 */
export function observerWorkload(name: string, args: ObserverArgs, child: ChildOptions, needs: DependsOn, more: readonly Resource[] = []): void {
  const { app, key, namespace, image, folder, memory, probes } = args;
  const labels = { app };
  const metadata = { name: app, namespace, labels };
  const account = new ServiceAccount(`${name}-account`, { metadata, automountServiceAccountToken: args.usesApiServer }, child());
  const config = new ConfigMap(`${name}-config`, { metadata, data: { "config.yaml": args.config } }, child());
  new Service(
    `${name}-service`,
    {
      metadata: { name: observer(app, key), namespace, labels, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { selector: labels, ports: Object.entries(args.ports).map(([port, number]) => ({ name: port, port: number, targetPort: number })) },
    },
    child(),
  );
  const probe = (path: string) => ({ httpGet: { path, port: probes.port }, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 12 });
  new Deployment(
    `${name}-deployment`,
    {
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels, annotations: { ...SIDECAR, ...args.annotations } },
          spec: {
            serviceAccountName: account.metadata.name,
            automountServiceAccountToken: args.usesApiServer,
            containers: [
              {
                name: app,
                image,
                imagePullPolicy: "IfNotPresent",
                args: [...args.args],
                env: Object.entries(args.env ?? {}).map(([variable, value]) => ({ name: variable, value })),
                ports: Object.entries(args.ports).map(([port, number]) => ({ name: port, containerPort: number })),
                readinessProbe: probe(probes.ready),
                livenessProbe: probe(probes.live),
                resources: { requests: { cpu: "10m", memory: memory.request }, limits: { cpu: "1", memory: memory.limit } },
                securityContext: {
                  runAsNonRoot: true,
                  runAsUser: NOBODY,
                  runAsGroup: NOBODY,
                  readOnlyRootFilesystem: true,
                  allowPrivilegeEscalation: false,
                  seccompProfile: { type: "RuntimeDefault" },
                  capabilities: { drop: ["ALL"] },
                },
                volumeMounts: [{ name: "config", mountPath: CONFIG_FOLDER, readOnly: true }, ...(folder === undefined ? [] : [{ name: "data", mountPath: folder }])],
              },
            ],
            volumes: [{ name: "config", configMap: { name: config.metadata.name } }, ...(folder === undefined ? [] : [{ name: "data", emptyDir: {} }])],
          },
        },
      },
    },
    child({ dependsOn: dependencies(needs, [...more]) }),
  );
}
