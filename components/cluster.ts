import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { accessOf } from "../lib/kubeconfig";
import { createKindCluster, type KindClusterArgs } from "./kind/kind-cluster";
import { identityOf, recordedIdentity } from "./kubernetes/cluster-identity";
import { recordedOutputs } from "./kubernetes/recorded";
import { serverVersion } from "./kubernetes/server-version";

/** A kubeconfig: its text, or what it holds as an object, such as the one that a cluster of `@pulumi/eks` gives. */
export type Kubeconfig = string | Readonly<Record<string, unknown>>;

/** The text of a kubeconfig. Secret. */
export function kubeconfigText(kubeconfig: pulumi.Input<Kubeconfig>): pulumi.Output<string> {
  // JSON is YAML, too.
  return pulumi.secret((pulumi.output(kubeconfig) as pulumi.Output<Kubeconfig>).apply((known) => (typeof known === "string" ? known : JSON.stringify(known))));
}

/** A cluster that the component neither creates nor deletes. */
export interface ExistingClusterArgs {
  /** The administrator's kubeconfig, with one context and inline certificates: its text, or an object. Secret, and not recorded in the state. */
  readonly kubeconfig: pulumi.Input<Kubeconfig>;
  /** `https://host:port` at which the peers' istiod reaches the API server. Default: the kubeconfig's server. */
  readonly apiServer?: pulumi.Input<string>;
}

/** Exactly one of the fields is set. */
export interface ClusterArgs {
  /** A kind cluster, which the component creates and deletes. */
  readonly kind?: KindClusterArgs;
  /** A cluster that exists. */
  readonly existing?: ExistingClusterArgs;
}

/** Options of whatever lives in a cluster. */
export interface InClusterOptions {
  /** The cluster's provider. */
  readonly provider: Provider;
  /** The cluster itself; absent when the component did not create it. */
  readonly deletedWith?: pulumi.Resource;
}

/** Type of the component. */
const TYPE = "usmesh:index:Cluster";

/** Type of a Kubernetes provider. */
export const PROVIDER_TYPE = "pulumi:providers:kubernetes";

/** Name of a cluster's provider. */
export function providerName(cluster: string): string {
  return `${cluster}-provider`;
}

/** A Kubernetes cluster, created by kind or existing, and the one provider with which the mesh writes to it. */
export class Cluster extends pulumi.ComponentResource {
  /** Has this cluster's kubeconfig, so that nothing uses the ambient one. */
  readonly provider: Provider;
  /** Options of the components and resources in this cluster. */
  readonly options: InClusterOptions;
  /** The administrator's kubeconfig. Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** `https://host:port` at which the peers' istiod reaches the API server. */
  readonly apiServer: pulumi.Output<string>;
  /** Version of the API server, such as `v1.34.4`. */
  readonly kubernetesVersion: pulumi.Output<string>;
  /** UID of the cluster's namespace `kube-system`, which distinguishes it from any other; undefined when it could not be read. */
  readonly uid: pulumi.Output<string | undefined>;
  /** CIDR of the nodes' Docker network; undefined for an existing cluster. */
  readonly subnet?: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const { kind, existing } = args;
    super(TYPE, name, { kind, existing: existing && { apiServer: existing.apiServer } }, opts);
    let lifetime: pulumi.Resource | undefined;
    let ready: pulumi.Resource[] = [];

    if (kind && !existing) {
      const created = createKindCluster(name, kind, this);
      lifetime = created.command;
      ready = [created.ready];
      this.kubeconfig = created.kubeconfig;
      this.apiServer = created.apiServer;
      this.subnet = pulumi.output(kind.dockerSubnet);
    } else if (existing && !kind) {
      this.kubeconfig = kubeconfigText(existing.kubeconfig);
      this.apiServer = pulumi.output(existing.apiServer ?? pulumi.unsecret(this.kubeconfig.apply((kubeconfig) => accessOf(kubeconfig).server)));
    } else {
      throw new Error(`cluster ${name}: set exactly one of kind and existing`);
    }

    const identity = this.kubeconfig.apply(async (kubeconfig) =>
      identityOf(kubeconfig, recordedIdentity(await recordedOutputs(TYPE, name), await recordedOutputs(PROVIDER_TYPE, providerName(name)))),
    );
    this.uid = pulumi.unsecret(identity.apply(({ uid }) => uid));
    const deletedWith = lifetime ? { deletedWith: lifetime } : {};
    this.provider = new Provider(
      providerName(name),
      {
        kubeconfig: this.kubeconfig,
        // A cluster with another address, certificate or authority is the same one.
        clusterIdentifier: pulumi.unsecret(identity.apply(({ identifier }) => identifier)),
        // Creating takes over what exists: an interrupted run may have created what its state does not have. From version 4.29 of the
        // provider on that takes `upsertExistingObjects`, too.
        enableServerSideApply: true,
        // A Secret is changed in place: a remote Secret that is removed for a moment removes its endpoints.
        enableSecretMutable: true,
        // A kind cluster that does not answer is gone, or will be recreated. Any other may answer again: what is in it is not forgotten.
        ...(kind ? { deleteUnreachable: true } : {}),
      },
      { parent: this, dependsOn: ready, ...deletedWith },
    );
    this.options = { provider: this.provider, ...deletedWith };
    this.kubernetesVersion = pulumi.unsecret(this.kubeconfig.apply(serverVersion));

    this.registerOutputs({
      apiServer: this.apiServer,
      kubernetesVersion: this.kubernetesVersion,
      kubeconfig: this.kubeconfig,
      uid: this.uid,
      authority: pulumi.unsecret(identity.apply(({ authority }) => authority)),
    });
  }
}
