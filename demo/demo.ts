import { Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../components/cluster";
import type { IstioPrimary } from "../components/istio-primary";
import type { ClusterModel, DemoModel } from "../settings/model";
import { DEMO_NAMESPACE } from "../topology/names";
import { Catalog } from "./catalog";
import { Webapp } from "./webapp";

export interface DemoArgs {
  readonly demo: DemoModel;
  readonly member: ClusterModel;
  readonly cluster: Cluster;
  readonly primary: IstioPrimary;
}

/** A cluster's share of the demo: the namespace everywhere, each workload where the settings want it. */
export class Demo extends pulumi.ComponentResource {
  constructor(name: string, args: DemoArgs, opts?: pulumi.ComponentResourceOptions) {
    super("usmesh:index:Demo", name, {}, opts);
    const { demo, member, cluster, primary } = args;

    const namespace = new Namespace(
      `${name}-namespace`,
      { metadata: { name: DEMO_NAMESPACE, labels: { "istio-injection": "enabled" } } },
      cluster.options(this),
    ).metadata.name;
    const common = { cluster, primary, namespace, image: demo.image };
    new Catalog(`${name}-catalog`, { ...common, clusterName: member.clusterName, runs: demo.catalog === member.key }, { parent: this });
    if (demo.webapp === member.key) new Webapp(`${name}-webapp`, common, { parent: this });
    this.registerOutputs({});
  }
}
