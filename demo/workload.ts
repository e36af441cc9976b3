import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../components/cluster";

export interface WorkloadArgs {
  readonly cluster: Cluster;
  /** Name of its ServiceAccount, Service and Deployment, and its `app` label. */
  readonly app: string;
  readonly namespace: pulumi.Input<string>;
  readonly image: string;
  /** Port at which the container listens; the Service's is 80. */
  readonly port: number;
  /** What the server is told beside its name and port, in fake-service's words. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A Service on port 80 for the pods of an app, whether there are any or not. */
export function serviceOf(name: string, args: Omit<WorkloadArgs, "image" | "settings">, opts: pulumi.CustomResourceOptions): Service {
  return new Service(
    `${name}-service`,
    {
      metadata: {
        name: args.app,
        namespace: args.namespace,
        labels: { app: args.app },
        // A Service without endpoints is on purpose: its pods are in another cluster.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        selector: { app: args.app },
        ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: args.port }],
      },
    },
    opts,
  );
}

/** The pods of an app under an identity of their own. */
export function podsOf(name: string, args: WorkloadArgs, parent: pulumi.Resource, after: pulumi.Resource): Deployment {
  const labels = { app: args.app };
  const account = new ServiceAccount(
    `${name}-account`,
    { metadata: { name: args.app, namespace: args.namespace, labels } },
    args.cluster.options(parent),
  );
  const environment = { NAME: args.app, LISTEN_ADDR: `0.0.0.0:${args.port}`, ...args.settings };
  return new Deployment(
    `${name}-deployment`,
    {
      metadata: { name: args.app, namespace: args.namespace, labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: account.metadata.name,
            containers: [
              {
                name: args.app,
                image: args.image,
                imagePullPolicy: "IfNotPresent",
                env: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
                ports: [{ name: "http", containerPort: args.port }],
              },
            ],
          },
        },
      },
    },
    // Without the injector the pods would come up outside the mesh.
    args.cluster.options(parent, { dependsOn: after }),
  );
}
