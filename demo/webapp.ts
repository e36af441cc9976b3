import * as pulumi from "@pulumi/pulumi";
import { childOptions } from "../components/kubernetes/child-options";
import { DEMO_HOST, DEMO_NAMESPACE } from "../topology/names";
import { ingressRoute } from "./ingress-route";
import { podsOf, serviceOf } from "./workload";

export interface WebappArgs {
  /** Namespace of the demo. */
  readonly namespace: pulumi.Input<string>;
  /** Image of the demo server, which reads fake-service's environment variables. */
  readonly image: pulumi.Input<string>;
  /** The administrator's kubeconfig of the cluster. Secret, and not recorded in the state. */
  readonly kubeconfig: pulumi.Input<string>;
}

/** The demo's webapp, behind the ingress gateway with a host name of its own. It calls the catalog, wherever that runs. */
export class Webapp extends pulumi.ComponentResource {
  constructor(name: string, args: WebappArgs, opts?: pulumi.ComponentResourceOptions) {
    const { namespace, image, kubeconfig } = args;
    super("usmesh:index:Webapp", name, { namespace, image }, opts);
    const child = childOptions(this, opts);
    const needs = opts?.dependsOn ?? [];
    const app = "webapp";
    const workload = { app, namespace, image, port: 8080, settings: { UPSTREAM_URIS: `http://catalog.${DEMO_NAMESPACE}:80` } };
    serviceOf(name, workload, child);
    podsOf(name, workload, child, needs);
    ingressRoute(name, { app, host: DEMO_HOST, namespace, kubeconfig }, child, needs);
    this.registerOutputs({});
  }
}
