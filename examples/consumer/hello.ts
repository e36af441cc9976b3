import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { Namespace, Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

/** Port at which the container listens. */
const PORT = 8080;

export interface HelloArgs {
  /** Istio's name for the cluster, which the answer tells. */
  readonly clusterName: string;
  readonly image: string;
}

/**
 * A server in the mesh, in the cluster of the provider that it is given. It has the same name in every cluster, and so is one service
 * to the mesh: who asks for it is answered where it runs nearby, and from another cluster when it does not.
 */
export class Hello extends pulumi.ComponentResource {
  /** Where workloads of the mesh, in any of its clusters, reach it. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: HelloArgs, opts: pulumi.ComponentResourceOptions) {
    super("consumer:index:Hello", name, {}, opts);
    const labels = { app: "hello" };
    const inCluster = { parent: this };

    const namespace = new Namespace(
      `${name}-namespace`,
      // istiod adds the proxy to the pods of namespaces with this label.
      { metadata: { name: "consumer", labels: { "istio-injection": "enabled" } } },
      inCluster,
    ).metadata.name;
    const metadata = { name: "hello", namespace, labels };
    // The identity by which the mesh knows it, the same in every cluster.
    const account = new ServiceAccount(`${name}-account`, { metadata }, inCluster);
    const service = new Service(
      `${name}-service`,
      { metadata, spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: PORT }] } },
      inCluster,
    );
    new Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              serviceAccountName: account.metadata.name,
              containers: [
                {
                  name: "hello",
                  image: args.image,
                  env: [
                    { name: "NAME", value: "hello" },
                    { name: "LISTEN_ADDR", value: `0.0.0.0:${PORT}` },
                    { name: "MESSAGE", value: `hello from ${args.clusterName}` },
                  ],
                  ports: [{ name: "http", containerPort: PORT }],
                },
              ],
            },
          },
        },
      },
      inCluster,
    );

    this.url = pulumi.interpolate`http://${service.metadata.name}.${namespace}`;
    this.registerOutputs({ url: this.url });
  }
}
