import * as pulumi from "@pulumi/pulumi";
import { AccessPolicy, ingressPrincipal } from "../components/access-policy";
import { childOptions } from "../components/kubernetes/child-options";
import { BACKEND_HOST } from "../topology/names";
import { ingressRoute } from "./ingress-route";
import { podsOf, serviceOf } from "./workload";

export interface SimpleBackendArgs {
  /** Namespace of the demo. */
  readonly namespace: pulumi.Input<string>;
  /** Image of the demo server, which reads fake-service's environment variables. */
  readonly image: pulumi.Input<string>;
  /** The cluster's key: `west` answers "Hello from WEST". */
  readonly key: string;
  /** SPIFFE trust domain of the mesh. */
  readonly trustDomain: pulumi.Input<string>;
  /** The administrator's kubeconfig of the cluster. Secret, and not recorded in the state. */
  readonly kubeconfig: pulumi.Input<string>;
}

/**
 * How the ingress gateway tries again. An attempt that takes a second has failed, since a server that is frozen never answers, and the
 * last attempt goes to another region. Right for this service because a request may be repeated.
 */
const RETRIES = { attempts: 2, perTryTimeout: "1s", retryOn: "5xx,reset,connect-failure,refused-stream", retryRemoteLocalities: true };

/**
 * The demo's service that runs in every cluster, each behind the ingress gateway: requests stay in their cluster as long as they are
 * answered there. Only ingress gateways may ask it.
 */
export class SimpleBackend extends pulumi.ComponentResource {
  constructor(name: string, args: SimpleBackendArgs, opts?: pulumi.ComponentResourceOptions) {
    const { namespace, image, key, trustDomain, kubeconfig } = args;
    super("usmesh:index:SimpleBackend", name, { namespace, image, key, trustDomain }, opts);
    const child = childOptions(this, opts);
    const { deletedWith, dependsOn: needs = [] } = opts ?? {};
    const app = "simple-backend";
    // A rate of 1 makes every request fail.
    const settings = { MESSAGE: `Hello from ${key.toUpperCase()}`, ERROR_RATE: "0" };
    const workload = { app, namespace, image, port: 8080, settings };
    serviceOf(name, workload, child);
    podsOf(name, workload, child, needs);
    ingressRoute(name, { app, host: BACKEND_HOST, namespace, rule: { retries: RETRIES }, kubeconfig }, child, needs);
    new AccessPolicy(
      `${name}-access`,
      { policyName: "allow-only-ingress", namespace, selector: { app }, principals: [ingressPrincipal(trustDomain)], kubeconfig },
      { parent: this, dependsOn: needs, ...(deletedWith ? { deletedWith } : {}) },
    );
    this.registerOutputs({});
  }
}
