/** The drill's namespace. One name for all runs: what a killed run left is found by it. */
export const NAMESPACE = "usmesh-drill";
/** Label of everything that a drill creates. */
export const OWNED = { "app.kubernetes.io/managed-by": "usmesh-drill" } as const;
/** Label of the namespace: the run that created it. */
export const RUN_LABEL = "usmesh-drill/run";

/** The backend that fails, in both clusters of a pair. */
export const BACKEND = "backend";
/** The backend of failures that nobody else can answer for, in one cluster. */
export const FAR_BACKEND = "far-backend";
/** The client, and one that takes the other cluster's region for its own. */
export const CLIENT = "client";
export const CLIENT_ABROAD = "client-abroad";

/** Port of the backends. */
export const SERVER_PORT = 8080;
/** Port, on the pod's loopback alone, at which a client sends `/SERVICE/` to a Service. */
export const CLIENT_PORT = 9090;
/** Port of a backend's Envoy for changes at run time, on the pod's loopback alone. */
export const ADMIN_PORT = 9901;
/** Key at which a backend's Envoy finds the percentage of requests that it answers with 500. */
export const ERRORS_KEY = "drill.errors";

/** Seconds after which the sidecar gives up a request: without a timeout, nobody would notice a backend that stays silent. */
export const TIMEOUT_SECONDS = 1;
/** How often a request of the stream with retries is repeated. Each goes elsewhere than the two before it. */
export const ATTEMPTS = 3;
