import { z } from "zod";
import { finding } from "../verify/report/json";

/** Raised whenever a field is removed or changes its meaning. A new field does not raise it: readers ignore fields that they do not know. */
export const TOPOLOGY_VERSION = 1;

/** How a part of the mesh is: the worst that `verify` found about it. `unknown`: nothing wrong was found, and not everything could be read. */
export const CONDITIONS = ["ok", "warn", "unknown", "fail"] as const;

const condition = z.enum(CONDITIONS);

const gateway = z.strictObject({
  /** `namespace/name` of its Service. */
  name: z.string(),
  /** The network to which it leads from others; absent for other load balancers, such as an ingress gateway. */
  network: z.string().optional(),
  /** Addresses outside the cluster; empty while it has none. */
  addresses: z.array(z.string()),
  /** Ready pods behind it. */
  readyPods: z.int(),
});

const trust = z.strictObject({
  /** Common name of the certificate with which istiod signs. */
  authority: z.string(),
  /** RFC 3339 time at which it ends. */
  notAfter: z.iso.datetime(),
  /** First eight characters of the SHA-256 fingerprint of the root above it; absent when it is not among those that are trusted. */
  root: z.string().optional(),
  /** The same of all roots that are trusted. */
  roots: z.array(z.string()),
});

const cluster = z.strictObject({
  key: z.string(),
  /** URL of its API server, as the machine reaches it where this was made. */
  server: z.string(),
  /** Version of Kubernetes; absent where the API server did not answer. */
  kubernetes: z.string().optional(),
  /** Why nothing below is known, where the cluster could not be read. */
  unread: z.string().optional(),
  /** Istio's name for the cluster. */
  clusterName: z.string().optional(),
  network: z.string().optional(),
  /** Version of Istio. */
  istio: z.string().optional(),
  /** Pods of istiod. */
  istiod: z.strictObject({ ready: z.int(), total: z.int() }).optional(),
  nodes: z.strictObject({ ready: z.int(), total: z.int() }).optional(),
  /** `region/zone` of the nodes, each once. */
  places: z.array(z.string()),
  gateways: z.array(gateway),
  /** Absent where istiod signs with an authority of its own, or where it may not be read. */
  trust: trust.optional(),
  /** Requests per second between workloads of this cluster; absent without statistics. */
  requestsPerSecond: z.number().optional(),
  /** Proxies that send requests, and how many of them told how many they sent. */
  proxies: z.strictObject({ answered: z.int(), total: z.int() }).optional(),
  condition,
});

const link = z.strictObject({
  /** Key of the cluster that reads, and that sends. */
  from: z.string(),
  to: z.string(),
  /**
   * Whether istiod of `from` reads `to`: its status, such as `synced`, the worst of all its pods; `absent`: it does not know `to`;
   * `unknown`: it could not be asked.
   */
  reads: z.string(),
  /** Requests per second from workloads in `from` to those in `to`; absent without statistics. */
  requestsPerSecond: z.number().optional(),
  condition,
});

/** What `./mesh topology --format json` prints: one object, with `--watch` one in each line. */
export const topologySchema = z.strictObject({
  version: z.literal(TOPOLOGY_VERSION),
  /** RFC 3339 time at which the reading began. */
  time: z.iso.datetime(),
  /** The mesh's id and its trust domain, as the clusters have them, each once. */
  meshIds: z.array(z.string()),
  trustDomains: z.array(z.string()),
  clusters: z.array(cluster),
  /** Every ordered pair of clusters. */
  links: z.array(link),
  /** The faults that `verify` found, without its requests. */
  findings: z.array(finding),
  /** The worst of everything. */
  condition,
});

export type Topology = z.infer<typeof topologySchema>;
export type Condition = z.infer<typeof condition>;
export type ClusterNode = z.infer<typeof cluster>;
export type Link = z.infer<typeof link>;
