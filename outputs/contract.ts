import { z } from "zod";

/** Version of the outputs' shape. A reader refuses a stack that has another version. */
export const OUTPUTS_VERSION = 1;

/** What a stack exports of one cluster, in plain text. */
export const clusterOutputs = z.object({
  /** Istio's name for the cluster. */
  clusterName: z.string(),
  network: z.string(),
  region: z.string(),
  zone: z.string(),
  driver: z.enum(["kind", "existing"]),
  /** UID of its namespace `kube-system`, which distinguishes it from any other cluster. Absent when it could not be read. */
  uid: z.string().optional(),
  /** Of a kind cluster: its Docker network, and its slice of the address plan, 0 when it has none. */
  docker: z.object({ network: z.string(), addressIndex: z.number() }).optional(),
  /** `https://host:port` at which peers reach the API server. */
  apiServer: z.string(),
  /** Address of the ingress gateway: an IP address or a host name. Absent in a cluster without one. */
  ingressAddress: z.string().optional(),
  /** Address of the east-west gateway: an IP address or a host name. */
  eastWestAddress: z.string(),
  /** Whether it has a Prometheus and a Jaeger that other clusters can ask. Absent in a cluster without them. */
  observed: z.boolean().optional(),
  versions: z.object({ kubernetes: z.string(), istio: z.string(), metallb: z.string().optional() }),
});

/** What a peer needs to read from a cluster: secret as a whole. */
export const credentials = z.object({
  /** PEM bundle that the API server's certificate chains to. */
  caCertificate: z.string(),
  /** Bearer token of `istio-reader-service-account`. */
  token: z.string(),
});

/** The content of `cacerts` for one cluster: secret as a whole. All PEM. */
export const intermediate = z.object({
  caCert: z.string(),
  caKey: z.string(),
  certChain: z.string(),
  rootCert: z.string(),
});

/** Everything that a mesh stack exports: the contract with other stacks. */
export const meshOutputs = z.object({
  version: z.literal(OUTPUTS_VERSION),
  mesh: z.object({ name: z.string(), trustDomain: z.string() }),
  clusters: z.record(z.string(), clusterOutputs),
  /** Absent in a stack that is not the authority and whose authority is not up yet. */
  trust: z
    .object({
      /** Name of the stack that holds the roots. */
      authority: z.string(),
      roots: z.array(z.string()),
      signer: z.string(),
      /** PEM of every trusted root. */
      rootCertificates: z.string(),
      /** RFC 3339 time at which the signing root expires. */
      rootExpiry: z.string(),
      generation: z.number(),
    })
    .optional(),
  /** Generations of reader tokens. Absent in a stack that was last brought up by a version that did not export it. */
  peering: z
    .object({
      /** Of the tokens in `credentials`. */
      generation: z.number(),
      /** By key of each other stack's cluster: the generation of the token with which this stack's clusters read it. */
      reads: z.record(z.string(), z.number()),
    })
    .optional(),
  /** Wired pairs as `from->to` cluster keys: istiod of `from` reads `to`. */
  pairs: z.array(z.string()),
  /** By cluster key. Secret. */
  credentials: z.record(z.string(), credentials),
  /** By cluster key, only in the authority's stack. Secret. */
  intermediates: z.record(z.string(), intermediate),
  /** By cluster key: the kubeconfig of the cluster's administrator. Secret. */
  kubeconfigs: z.record(z.string(), z.string()),
});

export type ClusterOutputs = z.infer<typeof clusterOutputs>;
export type Credentials = z.infer<typeof credentials>;
export type Intermediate = z.infer<typeof intermediate>;
export type MeshOutputs = z.infer<typeof meshOutputs>;
