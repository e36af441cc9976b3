import { Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { childOptions } from "../components/kubernetes/child-options";
import { DEMO_NAMESPACE, INJECTION_LABEL } from "../topology/names";
import { Catalog } from "./catalog";
import { SimpleBackend } from "./simple-backend";
import { Webapp } from "./webapp";

export interface DemoArgs {
  /** The cluster's key, part of simple-backend's answer. */
  readonly key: string;
  /** SPIFFE trust domain of the mesh. */
  readonly trustDomain: pulumi.Input<string>;
  /** Istio's name for the cluster, part of the catalog's answer. */
  readonly clusterName: pulumi.Input<string>;
  /** Image of the demo server, which reads fake-service's environment variables. */
  readonly image: pulumi.Input<string>;
  /** Whether the webapp runs in this cluster. */
  readonly webapp: boolean;
  /** Whether the catalog runs in this cluster. Where it does not, it is only a Service. */
  readonly catalog: boolean;
  /** The administrator's kubeconfig of the cluster, with which the component looks before it writes. Secret, and not recorded in the state. */
  readonly kubeconfig: pulumi.Input<string>;
}

/** A cluster's part of the demo: the namespace, simple-backend and the catalog's Service in every cluster, webapp and catalog in one each. */
export class Demo extends pulumi.ComponentResource {
  /** @param opts the cluster's provider, what the component is deleted with, and istiod in `dependsOn`: the pods need its injector */
  constructor(name: string, args: DemoArgs, opts?: pulumi.ComponentResourceOptions) {
    const { kubeconfig, ...recorded } = args;
    super("usmesh:index:Demo", name, recorded, opts);
    const { key, trustDomain, clusterName, image } = args;
    const child = childOptions(this, opts);
    const { deletedWith, dependsOn = [] } = opts ?? {};
    const part = { parent: this, dependsOn, ...(deletedWith ? { deletedWith } : {}) };

    const namespace = new Namespace(
      `${name}-namespace`,
      { metadata: { name: DEMO_NAMESPACE, labels: { [INJECTION_LABEL]: "enabled" } } },
      child(),
    ).metadata.name;
    new Catalog(`${name}-catalog`, { namespace, image, clusterName, runs: args.catalog }, part);
    new SimpleBackend(`${name}-simple-backend`, { namespace, image, key, trustDomain, kubeconfig }, part);
    if (args.webapp) new Webapp(`${name}-webapp`, { namespace, image, kubeconfig }, part);
    this.registerOutputs({});
  }
}
