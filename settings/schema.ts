import { z } from "zod";
import { WAYS } from "../topology/discovery";
import { ALL_HOSTS } from "../topology/names";
import { KEY_ALGORITHMS } from "../trust/certificates";
import { cluster } from "./cluster-schema";
import * as format from "./formats";
import { istio } from "./istio-schema";
import { observability } from "./schema-observability";

/**
 * The settings of a stack, one by one: type, format, default and meaning. Pulumi.yaml repeats the descriptions, and a test keeps
 * both the same. Defaults that depend on other settings are in `defaults.ts`; the descriptions say what they are.
 */

const { label, positive } = format;
const dockerSubnet = format.text(format.subnet(8, 24, "load balancers need a /24"));
const record = z.record(z.string(), z.unknown());

const digest = format.text(format.digest).optional();

const docker = z.strictObject({
  network: format.text(format.dockerNetwork).default("usmesh").describe("Docker network of all kind nodes and the client."),
  subnet: dockerSubnet.optional().describe("CIDR of the network. Default: 172.18.0.0/16 if that is free, otherwise what Docker chooses."),
});

const kind = z.strictObject({
  image: format
    .text(format.image)
    .default("kindest/node:v1.34.0@sha256:7416a61b42b1662ca6ca89f02028ac133a309a2a30ba309614e8ec94d976dc5a")
    .describe("Node image of the kind clusters."),
  config: record.default({}).describe("Merged into the generated kind configuration: records key by key, lists as a whole."),
});

const eastWest = z.strictObject({
  hosts: z
    .array(format.text(format.gatewayHost))
    .min(1)
    .default([...ALL_HOSTS])
    .describe("Services that other networks can reach: names such as catalog.shop.svc.cluster.local, or all below a domain, such as *.shop.svc.cluster.local."),
  sourceRanges: z
    .array(format.text(format.sourceRange))
    .min(1)
    .optional()
    .describe("Networks from which the east-west gateway's load balancer accepts connections, as CIDR; those of all peers' nodes must be among them. Default: all."),
  internal: z
    .boolean()
    .default(false)
    .describe("Whether the east-west gateway's load balancer has an internal address, by the annotations of AWS, Azure and Google Cloud; other load balancers ignore them."),
});

const metallb = z.strictObject({
  version: format.text(format.semver).default("0.15.2").describe("Version of MetalLB's chart."),
  repository: format.text(format.chartRepository).default("https://metallb.github.io/metallb").describe("Chart repository."),
  charts: format.text(format.notEmpty).optional().describe("Folder with the chart folder metallb; used instead of the repository."),
  digest: digest.describe("Digest of the chart, as `istio.digests`."),
  values: record.default({}).describe("Extra values of the chart."),
});

const trust = z.strictObject({
  authority: format
    .text(format.stackName)
    .default("self")
    .describe("Who holds the roots: `self`, or the name of the peer stack that does."),
  members: z
    .array(label)
    .min(1)
    .optional()
    .describe("Keys of all clusters for which this stack signs. Default: its own clusters, and for each peer the cluster with the peer's name."),
  roots: z.array(label).min(1).max(2).default(["1"]).describe("Names of the trusted roots, oldest first; two only while one is being replaced."),
  signer: label.optional().describe("The root that signs. Default: the first of the roots."),
  keyAlgorithm: z
    .enum(KEY_ALGORITHMS)
    .default("ECDSA-P256")
    .describe("Key algorithm of new roots, and of the intermediates' keys from the next generation on."),
  rootValidityHours: z.int().default(87_600).describe("Hours for which a new root is valid, from one month to 30 years."),
  intermediateValidityHours: z.int().default(8_760).describe("Hours for which an intermediate is valid, from one week to 5 years."),
  earlyRenewalHours: z.int().default(720).describe("Hours before an intermediate expires at which `up` reissues it, at least a day."),
  generation: positive.default(1).describe("Raise it by one to give every intermediate a new key."),
});

const failover = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether requests stay in their region, and go to another where the service fails there."),
  consecutiveErrors: positive.default(5).describe("Errors in a row after which an endpoint is ejected; so many requests fail before others are sent elsewhere."),
  intervalSeconds: positive.default(5).describe("Seconds between two looks at which ejected endpoints may come back."),
  ejectionSeconds: positive.default(30).describe("Seconds for which an endpoint is ejected, times how often it was ejected in a row."),
  connectTimeoutSeconds: positive.default(2).describe("Seconds for a connection to an endpoint to be made. A frozen server is noticed only by this."),
  maxEjectionPercent: z
    .int()
    .min(1)
    .max(100)
    .default(100)
    .describe("Share of a service's endpoints that may be ejected. Another network is one endpoint for each gateway, so less than 100 can mean none."),
  regions: z
    .record(z.string(), format.text(format.labelValue))
    .default({})
    .describe("By region: the region that takes over first. Default: all others, each endpoint alike."),
});

const client = z.strictObject({
  enabled: z.boolean().optional().describe("Whether a client container runs on the Docker network. Default: the value of `demo`, where the stack has a kind cluster."),
  name: format.text(format.dockerName).default("mypc").describe("Name of its container."),
  image: format.text(format.image).default("curlimages/curl:8.12.1").describe("Its image, which must have sh, sleep and curl."),
});

/** A secret: whatever is wrong with it is said without its value, so it is checked elsewhere. */
const secret = z.unknown();

/** All settings. Unknown keys are errors at every level. */
export const settingsSchema = z.strictObject({
  mesh: label.default("usmesh").describe("Mesh id, the same in every stack of the mesh."),
  trustDomain: format.text(format.dnsSubdomain).default("cluster.local").describe("SPIFFE trust domain, the same in every stack of the mesh."),
  profile: z
    .enum(["demo", "production"])
    .default("demo")
    .describe("`demo` runs one replica of everything and logs each request; `production` runs two, on two nodes where there are two, and logs none."),
  demo: z.boolean().default(false).describe("Whether the demo workloads are deployed."),
  demoClusters: z
    .strictObject({
      webapp: label.optional().describe("Key of the cluster where webapp runs. Default: the stack's first."),
      catalog: label.optional().describe("Key of the cluster where catalog runs. Default: the stack's next after webapp's."),
    })
    .prefault({})
    .describe("Where the demo workloads run."),
  clusters: z.record(z.string(), cluster).default({}).describe("The clusters that this stack owns, by key."),
  kubeconfigs: z
    .record(z.string(), secret)
    .default({})
    .describe("By cluster key: the kubeconfig of an existing cluster as text or as an object. Secret: `pulumi config set --secret --path usmesh:kubeconfigs.KEY`."),
  chartCredentials: z
    .strictObject({
      istio: secret.optional().describe("For Istio's chart repository: a record of username and password."),
      metallb: secret.optional().describe("For MetalLB's chart repository: a record of username and password."),
    })
    .prefault({})
    .describe("Logins for chart repositories. Secret: `pulumi config set --secret --path usmesh:chartCredentials.istio.password`."),
  docker: docker.prefault({}).describe("The Docker network."),
  kind: kind.prefault({}).describe("The kind clusters."),
  istio: istio.prefault({}).describe("Istio's charts and images."),
  ingress: z.boolean().default(true).describe("Whether each cluster has an ingress gateway."),
  eastWest: eastWest.prefault({}).describe("The gateways between networks."),
  metallb: metallb.prefault({}).describe("MetalLB's chart."),
  trust: trust.prefault({}).describe("The trust that the clusters share."),
  peers: z.array(format.text(format.stackName)).default([]).describe("Names of the stacks whose clusters belong to the same mesh."),
  peering: z
    .strictObject({
      generation: positive
        .default(1)
        .describe("Raise it by one to make `up` issue new reader tokens; the previous ones stay valid until the next raise, which is refused while a peer uses them."),
      revoke: z
        .int()
        .min(0)
        .default(0)
        .describe("For a token that has leaked: `up` at once removes the reader tokens of this generation and older ones, and issues new ones. 0 removes none."),
      through: z
        .enum(WAYS)
        .default("gateway")
        .describe("How peers read the clusters: `gateway`, through the east-west gateway and without any Secret; or `apiServer`, at the API server, Secrets included."),
    })
    .prefault({})
    .describe("How clusters read each other."),
  mtls: z
    .enum(["strict", "permissive"])
    .default("strict")
    .describe("`strict`: workloads of the mesh accept only mutual TLS; `permissive`: plain text from outside the mesh too."),
  failover: failover.prefault({}).describe("What happens to requests when a service fails."),
  observability: observability.prefault({}).describe("Prometheus, Jaeger and Kiali."),
  client: client.prefault({}).describe("The client container."),
  outputs: z
    .strictObject({
      kubeconfigs: z
        .boolean()
        .optional()
        .describe("Whether the administrators' kubeconfigs are among the stack's outputs, where other programs can read them. Default: true in the profile `demo`, false in `production`."),
    })
    .prefault({})
    .describe("What the stack exports."),
  images: z
    .strictObject({
      demo: format
        .text(format.image)
        .default("nicholasjackson/fake-service:v0.26.2")
        .describe("Image of the demo server, which must understand fake-service's environment variables."),
    })
    .prefault({})
    .describe("Images of the demo."),
});

/** Settings with their own defaults filled in. */
export type Settings = z.output<typeof settingsSchema>;
export type ClusterSettings = Settings["clusters"][string];
