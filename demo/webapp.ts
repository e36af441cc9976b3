import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../components/cluster";
import { customObject } from "../components/kubernetes/custom-object";
import type { IstioPrimary } from "../components/istio-primary";
import { DEMO_HOST } from "../topology/names";
import { podsOf, serviceOf } from "./workload";

export interface WebappArgs {
  readonly cluster: Cluster;
  readonly primary: IstioPrimary;
  readonly namespace: pulumi.Input<string>;
  readonly image: string;
}

/** The demo's webapp, reached through the ingress gateway under its own host. It asks the catalog, wherever that runs. */
export class Webapp extends pulumi.ComponentResource {
  constructor(name: string, args: WebappArgs, opts?: pulumi.ComponentResourceOptions) {
    super("usmesh:index:Webapp", name, {}, opts);
    const { cluster, primary, namespace, image } = args;
    const app = "webapp";
    const workload = { cluster, app, namespace, image, port: 8080, settings: { UPSTREAM_URIS: "http://catalog.istioinaction:80" } };
    serviceOf(name, workload, cluster.options(this));
    podsOf(name, workload, this, primary.istiod);

    const istio = (suffix: string, kind: string, spec: Record<string, unknown>) =>
      customObject(
        `${name}-${suffix}`,
        { apiVersion: "networking.istio.io/v1", kind, metadata: { name: app, namespace }, spec },
        cluster,
        this,
        primary.istiod,
      );
    istio("gateway", "Gateway", {
      selector: { istio: "ingressgateway" },
      servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: [DEMO_HOST] }],
    });
    istio("route", "VirtualService", {
      hosts: [DEMO_HOST],
      gateways: [app],
      http: [{ route: [{ destination: { host: app, port: { number: 80 } } }] }],
    });
    this.registerOutputs({});
  }
}
