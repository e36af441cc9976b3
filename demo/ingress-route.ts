import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions, DependsOn } from "../components/kubernetes/child-options";
import { customObject } from "../components/kubernetes/custom-object";
import { INGRESS_SELECTOR } from "../topology/names";

export interface IngressRouteArgs {
  /** Name of the Service that gets the requests, and of the Gateway and the VirtualService. */
  readonly app: string;
  /** Host name of the requests. */
  readonly host: string;
  readonly namespace: pulumi.Input<string>;
  /** Further fields of the route, such as `retries`. Default: none. */
  readonly rule?: Readonly<Record<string, unknown>>;
  /** The administrator's kubeconfig of the cluster. Secret. */
  readonly kubeconfig: pulumi.Input<string>;
}

/** Leads requests for a host name from the ingress gateway to an app, wherever that runs. @param needs istiod, whose webhook checks both */
export function ingressRoute(name: string, { app, host, namespace, rule, kubeconfig }: IngressRouteArgs, child: ChildOptions, needs: DependsOn): void {
  const istio = (suffix: string, kind: string, spec: Record<string, unknown>) =>
    customObject(
      `${name}-${suffix}`,
      { apiVersion: "networking.istio.io/v1", kind, metadata: { name: app, namespace }, spec },
      kubeconfig,
      child({ dependsOn: needs }),
    );
  istio("gateway", "Gateway", {
    selector: { istio: INGRESS_SELECTOR },
    servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: [host] }],
  });
  istio("route", "VirtualService", {
    hosts: [host],
    gateways: [app],
    http: [{ route: [{ destination: { host: app, port: { number: 80 } } }], ...rule }],
  });
}
