import { type EnvoyOptions, freshServiceName, proberConfig, SERVER_PORT, serviceName } from "./envoy";
import { envoyContainer, injectedNamespace } from "./workloads";

/** Label of everything that the traffic checks create. */
export const OWNED = { "app.kubernetes.io/managed-by": "usmesh-verify" } as const;

/** Annotation of a run's namespace: when the run last recorded that it is still active, RFC 3339. */
export const RENEWED = "usmesh.io/renewed";

/** Label that makes a prober an endpoint of the Service {@link freshServiceName}; its value is `"true"`. */
export const FRESH = "usmesh.io/fresh";

const PREFIX = "usmesh-verify-";

/** Name of the namespace of a run. @param id distinguishes runs. */
export function runNamespace(id: string): string {
  return PREFIX + id;
}

/** Whether a namespace belongs to a run, this one or another at the same time: nothing in it is part of the mesh. */
export function isRunNamespace(name: string | undefined): boolean {
  return name?.startsWith(PREFIX) ?? false;
}

/** Name of the prober's pod and ServiceAccount. */
export const PROBER = "prober";

/** The namespace of one run, with injection by the revision that the cluster's istiod has. */
export function namespaceOf(name: string, revision: string): object {
  return injectedNamespace(name, revision, OWNED);
}

/**
 * What the traffic checks need in the cluster `key`: the prober, and for every cluster a Service, with an endpoint in that cluster
 * alone, so that its name resolves here.
 * @param image the proxy's image in this cluster.
 */
export function proberObjects(key: string, keys: readonly string[], namespace: string, image: string, options: EnvoyOptions = {}): { path: string; body: object }[] {
  const base = `/api/v1/namespaces/${namespace}`;
  const meta = (name: string, labels: Record<string, string> = {}): object => ({ name, namespace, labels: { ...OWNED, ...labels } });
  const peers = keys.filter((other) => other !== key);
  const config = proberConfig(key, namespace, peers, options);
  const service = (name: string, selector: Record<string, string>): { path: string; body: object } => ({
    path: `${base}/services`,
    body: { apiVersion: "v1", kind: "Service", metadata: meta(name), spec: { selector, ports: [{ name: "http", port: SERVER_PORT, targetPort: SERVER_PORT }] } },
  });
  const services = keys.flatMap((other) => {
    const selector = { app: serviceName(other) };
    return [service(serviceName(other), selector), ...(options.fresh ? [service(freshServiceName(other), { ...selector, [FRESH]: "true" })] : [])];
  });
  return [
    { path: `${base}/serviceaccounts`, body: { apiVersion: "v1", kind: "ServiceAccount", metadata: meta(PROBER) } },
    ...services,
    { path: `${base}/pods`, body: { apiVersion: "v1", kind: "Pod", metadata: meta(PROBER, { app: serviceName(key) }), spec: podSpec(image, config) } },
  ];
}

function podSpec(image: string, config: object): object {
  return {
    serviceAccountName: PROBER,
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 1,
    containers: [envoyContainer(PROBER, image, config, [SERVER_PORT])],
  };
}
