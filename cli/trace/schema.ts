import { z } from "zod";

/** Raised whenever a field is removed or changes its meaning. A new field does not raise it. */
export const TRACE_VERSION = 1;

/** How a fact is known: from the line of an access log that has the request's id, from counters that rose, or from the configuration alone. */
const source = z.enum(["access log", "counters", "configuration"]);

/** How a request can end. */
export const OUTCOMES = ["answered", "denied", "no-endpoint", "no-route", "connection-failed", "failed", "not-sent", "unknown"] as const;

/** Where a request can end. */
export const PLACES = ["client", "client-proxy", "gateway", "server-proxy", "workload", "unknown"] as const;

const where = z.strictObject({
  kind: z.enum(["gateway", "pod", "unknown"]),
  cluster: z.string().optional(),
  /** `namespace/name` of the gateway's Service, or of the pod. */
  name: z.string().optional(),
});

const ms = z.number().nonnegative();

/** What `./mesh trace --json` prints: one object. Durations are in milliseconds. */
export const traceSchema = z.strictObject({
  version: z.literal(TRACE_VERSION),
  /** RFC 3339 time at which the request was sent. */
  time: z.iso.datetime(),
  /** The request's `x-request-id`. */
  id: z.string(),
  method: z.string(),
  /** As it was sent; without a path where the workload sent it by itself and no log has it. */
  url: z.string(),
  /** What sent it: a program in a container of the workload, or the workload itself. */
  sentBy: z.enum(["curl", "wget", "workload"]),
  client: z.strictObject({
    cluster: z.string(),
    namespace: z.string(),
    workload: z.string(),
    pod: z.string(),
    /** SPIFFE identity in the certificate of its proxy. */
    identity: z.string().optional(),
  }),
  service: z.strictObject({
    name: z.string(),
    port: z.int(),
    /** Ready endpoints, by key of the cluster. */
    endpoints: z.record(z.string(), z.int()),
  }),
  /** What the client's proxy did. */
  route: z.strictObject({
    /** What it calls the service and port, such as `outbound|80||catalog.istioinaction.svc.cluster.local`. */
    cluster: z.string().optional(),
    /** Where it could send the request. */
    candidates: z.array(z.strictObject({ address: z.string(), usable: z.boolean(), where })),
    /** Where it sent it. */
    chosen: z.strictObject({ address: z.string(), where, source }).optional(),
    /** The name that it asked for by TLS. `access log`: as the server's proxy got it. */
    sni: z.strictObject({ name: z.string(), source }).optional(),
    /** Identities that it accepts from the server. */
    accepts: z.array(z.string()),
  }),
  /** Whether it left the cluster; absent when that was not seen. */
  crossed: z.boolean().optional(),
  /** The gateway through which it came into the other cluster. */
  gateway: z.strictObject({ cluster: z.string(), service: z.string(), address: z.string(), pod: z.string().optional() }).optional(),
  /** Who got it. */
  server: z
    .strictObject({
      cluster: z.string(),
      namespace: z.string(),
      pod: z.string(),
      identity: z.string().optional(),
      /** Whether it came by mutual TLS; absent when that was not seen. */
      mutualTls: z.boolean().optional(),
      source,
    })
    .optional(),
  end: z.strictObject({
    outcome: z.enum(OUTCOMES),
    at: z.enum(PLACES),
    /** Key of the cluster. */
    cluster: z.string().optional(),
    /** Status of the answer. */
    status: z.int().optional(),
    /** What was seen, in a sentence. */
    seen: z.string(),
  }),
  /** How long each part took; what was not seen is absent. */
  ms: z.strictObject({
    /** Until the service's name was resolved. */
    lookup: ms.optional(),
    /** Until the sender had the answer. */
    total: ms.optional(),
    /** From the client's proxy to the answer, all that follows included. */
    clientProxy: ms.optional(),
    /** On the way between the two proxies and back: network, gateway, and TLS where the connection was new. */
    between: ms.optional(),
    /** In the server's proxy and the workload. */
    serverProxy: ms.optional(),
    /** In the workload. */
    workload: ms.optional(),
  }),
  /** What could not be seen, and why. */
  unseen: z.array(z.string()),
});

export type Trace = z.infer<typeof traceSchema>;
export type Where = z.infer<typeof where>;
