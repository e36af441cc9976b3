import * as pulumi from "@pulumi/pulumi";
import { childOptions } from "../components/kubernetes/child-options";
import { podsOf, serviceOf } from "./workload";

export interface CatalogArgs {
  /** Namespace of the demo. */
  readonly namespace: pulumi.Input<string>;
  /** Image of the demo server, which reads fake-service's environment variables. */
  readonly image: pulumi.Input<string>;
  /** Istio's name for the cluster: the answer says where it comes from. */
  readonly clusterName: pulumi.Input<string>;
  /** Whether the catalog runs in this cluster. Where it does not, its Service has no endpoints. */
  readonly runs: boolean;
}

/** The demo's catalog. It runs in one cluster, and all of them call it by the same name. */
export class Catalog extends pulumi.ComponentResource {
  constructor(name: string, args: CatalogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("usmesh:index:Catalog", name, { ...args }, opts);
    const child = childOptions(this, opts);
    const settings = { MESSAGE: pulumi.interpolate`catalog in ${args.clusterName}` };
    const workload = { app: "catalog", namespace: args.namespace, image: args.image, port: 3000, settings };
    serviceOf(name, workload, child);
    if (args.runs) podsOf(name, workload, child, opts?.dependsOn);
    this.registerOutputs({});
  }
}
