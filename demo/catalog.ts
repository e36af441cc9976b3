import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../components/cluster";
import type { IstioPrimary } from "../components/istio-primary";
import { podsOf, serviceOf } from "./workload";

export interface CatalogArgs {
  readonly cluster: Cluster;
  readonly primary: IstioPrimary;
  readonly namespace: pulumi.Input<string>;
  readonly image: string;
  /** Istio's name for the cluster: the answer tells where it comes from. */
  readonly clusterName: string;
  /** Whether the catalog runs in this cluster. Where it does not, its Service is there without endpoints. */
  readonly runs: boolean;
}

/** The demo's catalog. It runs in one cluster, and all of them call it by the same name. */
export class Catalog extends pulumi.ComponentResource {
  constructor(name: string, args: CatalogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("usmesh:index:Catalog", name, {}, opts);
    const { cluster, namespace, image } = args;
    const workload = {
      cluster,
      app: "catalog",
      namespace,
      image,
      port: 3000,
      settings: { MESSAGE: `catalog in ${args.clusterName}` },
    };
    serviceOf(name, workload, cluster.options(this));
    if (args.runs) podsOf(name, workload, this, args.primary.istiod);
    this.registerOutputs({});
  }
}
