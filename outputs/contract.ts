import { z } from "zod";
import { KEY_ALGORITHMS } from "../trust/certificates";
import { gatewayAccess, way } from "./discovery-access";

/** Version of the outputs' shape. A reader refuses a stack that has a newer one; `version-1.ts` reads the one before. */
export const OUTPUTS_VERSION = 2;

/**
 * What an istiod was installed from, where it is not the default: folder of its charts, registry and path of its images, and their tag.
 * Absent as a whole in a stack that was last brought up by a version that did not record it.
 */
const istioSource = z.object({ charts: z.string().optional(), hub: z.string().optional(), tag: z.string().optional() });

/** The istiods of a cluster. Absent in a stack that was last brought up by a version without revisions: then it has none. */
export const istioRevisions = z.object({
  /** Of the istiod of `versions.istio`: `default` is one without a revision. */
  revision: z.string(),
  source: istioSource.optional(),
  /** The istiod that takes over from it. Absent while there is no upgrade. */
  upgrade: z
    .object({
      version: z.string(),
      source: istioSource.optional(),
      revision: z.string(),
      /** How far it is: `beside`, `eastWest`, `gateways` or `workloads`. */
      step: z.string(),
    })
    .optional(),
});

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
  /** How peers are to read the cluster. Absent in a stack that was last brought up by a version that knew only the API server. */
  through: way.optional(),
  /** Address of the ingress gateway: an IP address or a host name. Absent in a cluster without one. */
  ingressAddress: z.string().optional(),
  /** Address of the east-west gateway: an IP address or a host name. */
  eastWestAddress: z.string(),
  /** Whether it has a Prometheus and a Jaeger that other clusters can ask. Absent in a cluster without them. */
  observed: z.boolean().optional(),
  versions: z.object({ kubernetes: z.string(), istio: z.string(), metallb: z.string().optional() }),
  istio: istioRevisions.optional(),
});

/** What a peer needs to read from a cluster: secret as a whole. */
export const credentials = z.object({
  /** PEM bundle that the API server's certificate chains to. Absent where no peer reads the cluster at its API server. */
  caCertificate: z.string().optional(),
  /** Bearer token of `istio-reader-service-account`. Absent as `caCertificate`. */
  token: z.string().optional(),
  /** Absent where peers do not read the cluster through its east-west gateway. */
  gateway: gatewayAccess.optional(),
  /** With which Kiali reads the cluster at its API server. Absent in a cluster without Kiali. */
  kiali: z.object({ caCertificate: z.string(), token: z.string() }).optional(),
});

const keyAlgorithm = z.enum(KEY_ALGORITHMS);

/** What a root was made from: under one name it never changes. */
export const rootRecipe = z.object({ mesh: z.string(), keyAlgorithm, validityHours: z.number() });

/** Which roots the clusters trust, and what the authority asks of its members. */
export const trustOutputs = z.object({
  /** Name of the stack that holds the roots. */
  authority: z.string(),
  /** Keys of the clusters for which it signs. */
  members: z.array(z.string()),
  roots: z.array(z.string()),
  signer: z.string(),
  /** PEM of every trusted root. */
  rootCertificates: z.string(),
  /** By name of the root: what it was made from. */
  recipes: z.record(z.string(), rootRecipe),
  /** Generation of the intermediates' keys: a member makes a key of it, and asks for its certificate. */
  generation: z.number(),
  /** Algorithm of the keys of that generation. */
  keyAlgorithm: keyAlgorithm.optional(),
  /** Hours before its end at which the authority's `up` reissues an intermediate. */
  earlyRenewalHours: z.number().optional(),
  /** RFC 3339 times at which certificates end. */
  ends: z.object({
    /** By name of the root. */
    roots: z.record(z.string(), z.string()),
    /** By key of the stack's own clusters: the intermediate that istiod signs with. */
    intermediates: z.record(z.string(), z.string()),
  }),
});

/** A key of an intermediate, without the key itself. */
export const keyRequest = z.object({
  generation: z.number(),
  keyAlgorithm,
  /** PEM of the public key. */
  publicKey: z.string(),
  /** PEM of the certificate request. */
  request: z.string(),
});

/** What the authority issued for a request: nothing of it is secret. All PEM. */
export const issuedCertificate = z.object({
  /** The public key that it was issued for. */
  publicKey: z.string(),
  caCert: z.string(),
  certChain: z.string(),
  rootCert: z.string(),
  /** RFC 3339 time at which it ends. */
  ends: z.string(),
});

/** Everything that a mesh stack exports: the contract with other stacks. No private key is part of it. */
export const meshOutputs = z.object({
  version: z.literal(OUTPUTS_VERSION),
  mesh: z.object({ name: z.string(), trustDomain: z.string() }),
  /** Those that are up: a cluster whose certificate has not been issued yet is left out. */
  clusters: z.record(z.string(), clusterOutputs),
  /** Absent in a stack that is not the authority and whose authority is not up yet. */
  trust: trustOutputs.optional(),
  /** Generations of reader tokens. Absent in a stack that was last brought up by a version that did not export it. */
  peering: z
    .object({
      /** Of the tokens in `credentials`. */
      generation: z.number(),
      /** By key of each other stack's cluster: the generation of the token with which this stack's clusters read it. */
      reads: z.record(z.string(), z.number()),
      /** By key of each other stack's cluster: how this stack's clusters read it. Absent as a cluster's `through`. */
      through: z.record(z.string(), way).optional(),
      /** Revisions of which a peer's istiod can read this stack's clusters through their gateways. Absent: `default` alone. */
      revisions: z.array(z.string()).optional(),
    })
    .optional(),
  /** Wired pairs as `from->to` cluster keys: istiod of `from` reads `to`. */
  pairs: z.array(z.string()),
  /** By key of an own cluster, where another stack is the authority: its keys, the one that the authority is to sign last. */
  requests: z.record(z.string(), z.array(keyRequest)),
  /** By key of another stack's cluster, in the authority's stack: what was issued for its request. */
  certificates: z.record(z.string(), issuedCertificate),
  /** By cluster key. Secret. */
  credentials: z.record(z.string(), credentials),
  /** By cluster key: the kubeconfig of the cluster's administrator. Secret. */
  kubeconfigs: z.record(z.string(), z.string()),
});

export type ClusterOutputs = z.infer<typeof clusterOutputs>;
export type Credentials = z.infer<typeof credentials>;
export type TrustOutputs = z.infer<typeof trustOutputs>;
export type IssuedOutputs = z.infer<typeof issuedCertificate>;
export type MeshOutputs = z.infer<typeof meshOutputs>;
