import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterModel, KindModel } from "../settings/model";
import type { DockerNetwork } from "./docker-network";
import { createKindCluster } from "./kind/kind-cluster";
import { accessOf, clusterIdentity } from "../lib/kubeconfig";
import { serverVersion } from "./kubernetes/server-version";

export interface ClusterArgs {
  readonly cluster: ClusterModel;
  /** What all kind clusters have in common. */
  readonly kind: KindModel;
  /** The network of kind clusters; a cluster with driver `existing` has none. */
  readonly network?: DockerNetwork;
  /** Content of the kubeconfig of a cluster with driver `existing`, cut down to its one context. */
  readonly kubeconfig?: string;
}

/** Name of a cluster's provider. */
export function providerName(cluster: string): string {
  return `${cluster}-provider`;
}

/** A Kubernetes cluster, made by kind or there already, and the one provider through which all of the mesh writes to it. */
export class Cluster extends pulumi.ComponentResource {
  /** Bound to this cluster's kubeconfig: nothing ever falls back to the one of whoever runs the program. */
  readonly provider: Provider;
  /** The administrator's kubeconfig. Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** `https://host:port` at which the peers' istiod reaches the API server. */
  readonly apiServer: pulumi.Output<string>;
  /** Version of the API server, such as `v1.34.4`. */
  readonly kubernetesVersion: pulumi.Output<string>;
  /** CIDR of the Docker network that the nodes are on; undefined for a cluster that is there already. */
  readonly subnet?: pulumi.Output<string>;
  /** The resource with which everything in the cluster vanishes; undefined when the stack does not own the cluster's life. */
  private readonly lifetime?: pulumi.Resource;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("usmesh:index:Cluster", name, {}, opts);
    const { driver } = args.cluster;
    let ready: pulumi.Resource[] = [];

    if (driver.type === "kind") {
      if (!args.network) throw new Error(`cluster ${name}: a kind cluster needs the Docker network`);
      const made = createKindCluster(name, { ...args, driver, network: args.network }, this);
      this.lifetime = made.command;
      ready = [made.ready];
      this.kubeconfig = made.kubeconfig;
      this.apiServer = made.apiServer;
      this.subnet = args.network.subnet;
    } else {
      if (args.kubeconfig === undefined) throw new Error(`cluster ${name}: an existing cluster needs its kubeconfig`);
      this.kubeconfig = pulumi.secret(args.kubeconfig);
      this.apiServer = pulumi.output(driver.apiServer ?? accessOf(args.kubeconfig).server);
    }

    this.provider = new Provider(
      providerName(name),
      {
        kubeconfig: this.kubeconfig,
        // Another address or another certificate is the same cluster; another authority is another one.
        clusterIdentifier: pulumi.unsecret(this.kubeconfig.apply(clusterIdentity)),
        // Creating takes over what exists: a run that was killed may have created what its state does not know yet. From 4.29 of the
        // provider on that takes `upsertExistingObjects`, too.
        enableServerSideApply: true,
        // A Secret is changed where it is: taken away for a moment, a remote Secret would take its endpoints along.
        enableSecretMutable: true,
        deleteUnreachable: true,
      },
      { parent: this, dependsOn: ready, ...(this.lifetime ? { deletedWith: this.lifetime } : {}) },
    );
    this.kubernetesVersion = pulumi.unsecret(this.kubeconfig.apply(serverVersion));

    this.registerOutputs({ apiServer: this.apiServer, kubernetesVersion: this.kubernetesVersion, kubeconfig: this.kubeconfig });
  }

  /**
   * Options of a resource in this cluster: its parent, this cluster's provider, and that the cluster's end is its end.
   * @param parent the component that the resource belongs to
   * @param extra further options
   */
  options(parent: pulumi.Resource, extra: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    return { parent, provider: this.provider, ...(this.lifetime ? { deletedWith: this.lifetime } : {}), ...extra };
  }
}
