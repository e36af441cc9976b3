import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions, DependsOn } from "../components/kubernetes/child-options";

export interface WorkloadArgs {
  /** Name of its ServiceAccount, Service and Deployment, and its `app` label. */
  readonly app: string;
  readonly namespace: pulumi.Input<string>;
  readonly image: pulumi.Input<string>;
  /** Port on which the container listens; the Service's port is 80. */
  readonly port: number;
  /** The server's environment variables beside its name and port, as fake-service reads them. */
  readonly settings: Readonly<Record<string, pulumi.Input<string>>>;
}

/** A Service on port 80 for the pods of an app, whether or not there are any. */
export function serviceOf(name: string, args: Pick<WorkloadArgs, "app" | "namespace" | "port">, child: ChildOptions): Service {
  return new Service(
    `${name}-service`,
    {
      metadata: {
        name: args.app,
        namespace: args.namespace,
        labels: { app: args.app },
        // A Service may have no endpoints: its pods are in another cluster.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        selector: { app: args.app },
        ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: args.port }],
      },
    },
    child(),
  );
}

/**
 * The pods of an app with a ServiceAccount of their own.
 * @param needs istiod: without its injector the pods would start outside the mesh
 */
export function podsOf(name: string, args: WorkloadArgs, child: ChildOptions, needs: DependsOn = []): Deployment {
  const labels = { app: args.app };
  const account = new ServiceAccount(`${name}-account`, { metadata: { name: args.app, namespace: args.namespace, labels } }, child());
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
    child({ dependsOn: needs }),
  );
}
