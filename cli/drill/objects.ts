import { serviceHost } from "../verify/traffic/static-envoy";
import { envoyContainer, injectedNamespace, type ProxySource } from "../verify/traffic/workloads";
import { backendConfig, clientConfig } from "./envoy";
import { type FailureName, KINDS, RETRIES, type Retries, serviceOf } from "./kinds";
import { ATTEMPTS, BACKEND, CLIENT, CLIENT_ABROAD, FAR_BACKEND, NAMESPACE, OWNED, RUN_LABEL, SERVER_PORT, TIMEOUT_SECONDS } from "./names";

/** An object to create. */
export interface NewObject {
  readonly path: string;
  readonly body: object;
}

/** One side of a pair. */
export interface Place {
  /** Key of the cluster. */
  readonly key: string;
  readonly source: ProxySource;
  readonly side: "from" | "to";
  /** The kinds of failures that will be made. */
  readonly failures: readonly FailureName[];
  /** `region.zone` of the other cluster. */
  readonly abroad: string;
}

/** The namespace of a run. */
export function namespaceObject(run: string, revision: string): object {
  return injectedNamespace(NAMESPACE, revision, { ...OWNED, [RUN_LABEL]: run });
}

/** What a drill needs in one of the two clusters, in the order in which it is created. */
export function drillObjects(place: Place): NewObject[] {
  const services = place.failures.flatMap((failure) => RETRIES.map((retries) => ({ failure, retries, name: serviceOf(failure, retries) })));
  return [
    core("serviceaccounts", { apiVersion: "v1", kind: "ServiceAccount", metadata: meta("drill") }),
    ...services.map(({ failure, name }) => service(name, backendOf(failure))),
    ...(place.side === "from" ? services.map(({ name, retries }) => route(name, retries)) : []),
    ...backendsIn(place.side, place.failures).map((app) => deployment(app, place)),
    ...(place.side === "from" ? clientsFor(place.failures).map((name) => client(name, services.map((s) => s.name), place)) : []),
  ];
}

/** The app that a failure's Service selects. */
function backendOf(failure: FailureName): string {
  return KINDS[failure].elsewhere ? BACKEND : FAR_BACKEND;
}

/** The backends that run on one side: those that can fail over on both. */
export function backendsIn(side: "from" | "to", failures: readonly FailureName[]): string[] {
  const apps = [...new Set(failures.map(backendOf))];
  return side === "to" ? apps : apps.filter((app) => app === BACKEND);
}

/** Name of the client that a failure's requests come from: answers should come from `home` first, and it prefers its own region. */
export function clientOf(failure: FailureName): string {
  return KINDS[failure].home === "to" && KINDS[failure].elsewhere ? CLIENT_ABROAD : CLIENT;
}

/** Names of the clients that run in `from`. */
export function clientsFor(failures: readonly FailureName[]): string[] {
  return [...new Set(failures.map(clientOf))];
}

function meta(name: string, labels: Readonly<Record<string, string>> = {}): object {
  return { name, namespace: NAMESPACE, labels: { ...OWNED, ...labels } };
}

function core(resource: string, body: object): NewObject {
  return { path: `/api/v1/namespaces/${NAMESPACE}/${resource}`, body };
}

function service(name: string, app: string): NewObject {
  const spec = { selector: { app }, ports: [{ name: "http", port: SERVER_PORT, targetPort: SERVER_PORT }] };
  return core("services", { apiVersion: "v1", kind: "Service", metadata: meta(name), spec });
}

/** Timeout and retries of one Service. How its endpoints are balanced is left to the mesh, which is what the drill measures. */
function route(name: string, retries: Retries): NewObject {
  const host = serviceHost(name, NAMESPACE);
  const once = { timeout: `${TIMEOUT_SECONDS}s`, retries: { attempts: 0 } };
  const repeated = {
    timeout: `${TIMEOUT_SECONDS * (ATTEMPTS + 1)}s`,
    retries: { attempts: ATTEMPTS, perTryTimeout: `${TIMEOUT_SECONDS}s`, retryOn: "5xx,reset,connect-failure,refused-stream", retryRemoteLocalities: true },
  };
  const spec = { hosts: [host], exportTo: ["."], http: [{ route: [{ destination: { host } }], ...(retries === "on" ? repeated : once) }] };
  return {
    path: `/apis/networking.istio.io/v1/namespaces/${NAMESPACE}/virtualservices`,
    body: { apiVersion: "networking.istio.io/v1", kind: "VirtualService", metadata: meta(name), spec },
  };
}

function deployment(app: string, { key, source }: Place): NewObject {
  const container = {
    ...envoyContainer(app, source.image, backendConfig(key), [SERVER_PORT]),
    // Not a readiness probe: it would notice a frozen process, and the drill is to show what the mesh notices.
    startupProbe: { httpGet: { path: "/", port: SERVER_PORT }, periodSeconds: 1, failureThreshold: 60 },
    // Requests come until every proxy knows that the pod ends.
    lifecycle: { preStop: { sleep: { seconds: 3 } } },
  };
  const spec = {
    serviceAccountName: "drill",
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 8,
    // So that a shell in the container can stop its process: no process can stop the first one of its own namespace.
    shareProcessNamespace: true,
    containers: [container],
  };
  return {
    path: `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`,
    body: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: meta(app),
      spec: { replicas: 1, selector: { matchLabels: { app } }, template: { metadata: { labels: { ...OWNED, app } }, spec } },
    },
  };
}

function client(name: string, services: readonly string[], { source, abroad }: Place): NewObject {
  // Istio takes the label for the pod's region and zone, whatever its node's are.
  const labels = { app: name, ...(name === CLIENT_ABROAD ? { "istio-locality": abroad } : {}) };
  const spec = {
    serviceAccountName: "drill",
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 1,
    containers: [envoyContainer(name, source.image, clientConfig(services), [])],
  };
  return core("pods", { apiVersion: "v1", kind: "Pod", metadata: meta(name, labels), spec });
}
