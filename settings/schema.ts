import { z } from "zod";
import { WAYS } from "../topology/discovery";
import { ALL_HOSTS } from "../topology/names";
import { KEY_ALGORITHMS } from "../trust/certificates";
import * as format from "./formats";

/**
 * The settings of a stack, one by one: type, format, default and meaning. Pulumi.yaml repeats the descriptions, and a test keeps
 * both the same. Defaults that depend on other settings are in `defaults.ts`; the descriptions say what they are.
 */

const podSubnet = format.text(format.subnet(8, 24, "a node takes a /24 of it and a cluster at most 65,536 of those"));
const serviceSubnet = format.text(format.subnet(12, 24, "the API server accepts no larger one, and a smaller one has too few addresses"));
const dockerSubnet = format.text(format.subnet(8, 24, "load balancers need a /24"));

/** Longest name of a kind cluster, in characters: its node's host name, with `-control-plane`, has at most 63. */
const MAX_KIND_NAME_LENGTH = 49;

const label = format.text(format.dnsLabel());
const positive = z.int().min(1);
const record = z.record(z.string(), z.unknown());

const cluster = z.strictObject({
  driver: z.enum(["kind", "existing"]).default("kind").describe("`kind` creates the cluster, `existing` uses one that already exists."),
  clusterName: label.optional().describe("Istio's name for the cluster. Default: the key with `-cluster`."),
  network: label.optional().describe("Istio's name for the cluster's network. Default: the key with `-network`."),
  region: format.text(format.labelValue).optional().describe("Region of its nodes. Default: the key with `us`."),
  zone: format.text(format.labelValue).default("0").describe("Zone of its nodes."),
  addressIndex: positive
    .optional()
    .describe(
      "The cluster's slice of the address plan (kind), distinct in the whole mesh. Default: 1 for west, 2 for east, 1 for the only cluster of a stack without peers; otherwise required.",
    ),
  podSubnet: podSubnet.optional().describe("CIDR of the pods (kind). Default: by address index, beginning with 10.10.0.0/16 and 10.20.0.0/16."),
  serviceSubnet: serviceSubnet
    .optional()
    .describe("CIDR of the Services (kind). Default: by address index, beginning with 10.100.0.0/16 and 10.200.0.0/16."),
  addresses: z
    .array(format.text(format.addressRange))
    .min(1)
    .optional()
    .describe("Ranges from which MetalLB assigns load balancer addresses. Default: by address index, from the Docker network's subnet."),
  metallb: z.boolean().optional().describe("Whether MetalLB is installed. Default: true for kind, false for existing."),
  kindName: format
    .text(format.dnsLabel(MAX_KIND_NAME_LENGTH))
    .optional()
    .describe("Name of the kind cluster, and of its node's container with `-control-plane`. Default: the key."),
  kubeconfig: format.text(format.notEmpty).optional().describe("Path of the kubeconfig (existing), absolute or from the project's folder."),
  context: format.text(format.notEmpty).optional().describe("The context in that kubeconfig (existing)."),
  apiServer: format
    .text(format.apiServerUrl)
    .optional()
    .describe("Where peers reach the API server (existing). Default: the context's server."),
  adopt: z
    .boolean()
    .optional()
    .describe(
      "Whether a namespace istio-system that the stack did not create is used (existing): it gets the labels of the mesh, its Secret cacerts is replaced, and it stays when the stack is removed. An Istio that runs in it is refused all the same. Default: false, the namespace is refused.",
    ),
  through: z.enum(WAYS).optional().describe("How peers read the cluster: as `peering.through`, which is the default."),
});

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

const istio = z.strictObject({
  version: format.text(format.istioVersion).default("1.31.4").describe("Version of Istio's charts."),
  repository: format
    .text(format.chartRepository)
    .default("https://istio-release.storage.googleapis.com/charts")
    .describe("Chart repository."),
  charts: format.text(format.notEmpty).optional().describe("Folder with the chart folders base, istiod and gateway; used instead of the repository."),
  hub: format.text(format.imageHub).optional().describe("Registry and path of Istio's images. Default: that of the charts."),
  tag: format.text(format.imageTag).optional().describe("Tag of Istio's images. Default: that of the charts."),
  values: z
    .strictObject({
      base: record.default({}).describe("Extra values of the chart base."),
      istiod: record.default({}).describe("Extra values of the chart istiod."),
      gateway: record.default({}).describe("Extra values of the chart gateway, for the ingress and the east-west gateway."),
      ingress: record.default({}).describe("Extra values of the chart gateway for the ingress gateway alone, over those for both."),
      eastWest: record.default({}).describe("Extra values of the chart gateway for the east-west gateway alone, over those for both."),
    })
    .prefault({})
    .describe("Extra chart values."),
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

/** All settings. Unknown keys are errors at every level. */
export const settingsSchema = z.strictObject({
  mesh: label.default("usmesh").describe("Mesh id, the same in every stack of the mesh."),
  trustDomain: format.text(format.dnsSubdomain).default("cluster.local").describe("SPIFFE trust domain, the same in every stack of the mesh."),
  profile: z
    .enum(["demo", "production"])
    .default("demo")
    .describe("`demo` runs one replica of everything and logs each request; `production` runs two and logs none."),
  demo: z.boolean().default(false).describe("Whether the demo workloads are deployed."),
  demoClusters: z
    .strictObject({
      webapp: label.optional().describe("Key of the cluster where webapp runs. Default: the stack's first."),
      catalog: label.optional().describe("Key of the cluster where catalog runs. Default: the stack's next after webapp's."),
    })
    .prefault({})
    .describe("Where the demo workloads run."),
  clusters: z.record(z.string(), cluster).default({}).describe("The clusters that this stack owns, by key."),
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
    .describe("`strict`: workloads of the mesh accept mutual TLS alone; `permissive`: plain text from outside the mesh too."),
  failover: failover.prefault({}).describe("What happens to requests when a service fails."),
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
