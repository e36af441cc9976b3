import { z } from "zod";
import * as format from "./formats";

/**
 * The settings of a stack, one by one: type, format, default and what it means. Pulumi.yaml repeats the descriptions, and a test
 * holds the two together. Defaults that depend on other settings are in `complete.ts`; their description says what they are.
 */

const podSubnet = format.text(format.subnet(8, 24, "a node takes a /24 of it and a cluster at most 65,536 of those"));
const serviceSubnet = format.text(format.subnet(12, 24, "the API server takes no larger one, and smaller ones run out"));
const dockerSubnet = format.text(format.subnet(8, 24, "load balancers need a /24"));

/** Longest name of a kind cluster: its node's host name, with `-control-plane`, has at most 63 characters. */
export const KIND_NAME_MOST = 49;

const label = format.text(format.dnsLabel());
const positive = z.int().min(1);
const record = z.record(z.string(), z.unknown());

const cluster = z.strictObject({
  driver: z.enum(["kind", "existing"]).default("kind").describe("`kind` creates the cluster, `existing` uses one that is there."),
  clusterName: label.optional().describe("Istio's name for the cluster. Default: the key with `-cluster`."),
  network: label.optional().describe("Istio's name for the cluster's network. Default: the key with `-network`."),
  region: format.text(format.labelValue).optional().describe("Region of its nodes. Default: the key with `us`."),
  zone: format.text(format.labelValue).default("0").describe("Zone of its nodes."),
  addressIndex: positive
    .optional()
    .describe(
      "Which slice of the address plan is the cluster's (kind), distinct in the whole mesh. Default: west 1, east 2, a cluster alone 1; else needed.",
    ),
  podSubnet: podSubnet.optional().describe("CIDR of the pods (kind). Default: by address index, 10.10.0.0/16 and 10.20.0.0/16 first."),
  serviceSubnet: serviceSubnet
    .optional()
    .describe("CIDR of the Services (kind). Default: by address index, 10.100.0.0/16 and 10.200.0.0/16 first."),
  addresses: z
    .array(format.text(format.addressRange))
    .min(1)
    .optional()
    .describe("Ranges from which MetalLB gives load balancers addresses. Default: by address index, from the Docker network's subnet."),
  metallb: z.boolean().optional().describe("Whether MetalLB is installed. Default: true for kind, false for existing."),
  kindName: format
    .text(format.dnsLabel(KIND_NAME_MOST))
    .optional()
    .describe("Name of the kind cluster, and of its node's container with `-control-plane`. Default: the key."),
  kubeconfig: format.text(format.notEmpty).optional().describe("Path of the kubeconfig (existing), absolute or from the project's folder."),
  context: format.text(format.notEmpty).optional().describe("The context in that kubeconfig (existing)."),
  apiServer: format
    .text(format.apiServerUrl)
    .optional()
    .describe("Where peers reach the API server (existing). Default: the context's server."),
});

const docker = z.strictObject({
  network: format.text(format.dockerNetwork).default("usmesh").describe("Docker network of all kind nodes and the client."),
  subnet: dockerSubnet.optional().describe("The network's CIDR. Default: 172.18.0.0/16 where that is free, else what Docker chooses."),
});

const kind = z.strictObject({
  image: format
    .text(format.image)
    .default("kindest/node:v1.34.0@sha256:7416a61b42b1662ca6ca89f02028ac133a309a2a30ba309614e8ec94d976dc5a")
    .describe("Node image of the kind clusters."),
  config: record.default({}).describe("Merged into the generated kind configuration, records by key and lists whole."),
});

const istio = z.strictObject({
  version: format.text(format.istioVersion).default("1.31.4").describe("Version of Istio's charts."),
  repository: format
    .text(format.chartRepository)
    .default("https://istio-release.storage.googleapis.com/charts")
    .describe("Chart repository."),
  charts: format.text(format.notEmpty).optional().describe("Folder with the chart folders base, istiod and gateway; wins over the repository."),
  hub: format.text(format.imageHub).optional().describe("Registry and path of Istio's images. Default: the charts'."),
  tag: format.text(format.imageTag).optional().describe("Tag of Istio's images. Default: the charts'."),
  values: z
    .strictObject({
      base: record.default({}).describe("Extra values of the chart base."),
      istiod: record.default({}).describe("Extra values of the chart istiod."),
      gateway: record.default({}).describe("Extra values of the chart gateway, for both gateways."),
    })
    .prefault({})
    .describe("Extra chart values."),
});

const metallb = z.strictObject({
  version: format.text(format.semver).default("0.15.2").describe("Version of MetalLB's chart."),
  repository: format.text(format.chartRepository).default("https://metallb.github.io/metallb").describe("Chart repository."),
  charts: format.text(format.notEmpty).optional().describe("Folder with the chart folder metallb; wins over the repository."),
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
    .describe("Keys of all clusters for which this stack signs. Default: its own, and for each peer one named like the stack."),
  roots: z.array(label).min(1).max(2).default(["1"]).describe("Names of the trusted roots, oldest first; two only while one is replaced."),
  signer: label.optional().describe("The root that signs. Default: the first of the roots."),
  keyAlgorithm: z
    .enum(["ECDSA-P256", "ECDSA-P384", "RSA-2048", "RSA-4096"])
    .default("ECDSA-P256")
    .describe("Key algorithm of roots and intermediates."),
  rootValidityHours: positive.default(87_600).describe("Hours that a root is valid."),
  intermediateValidityHours: positive.default(8_760).describe("Hours that an intermediate is valid."),
  earlyRenewalHours: z.int().min(0).default(720).describe("Hours before its end at which `up` reissues an intermediate."),
  generation: positive.default(1).describe("Raised by one, `up` reissues every intermediate."),
});

const client = z.strictObject({
  enabled: z.boolean().optional().describe("Whether a client container stands on the Docker network. Default: as `demo`."),
  name: format.text(format.dockerName).default("mypc").describe("Name of its container."),
  image: format.text(format.image).default("curlimages/curl:8.12.1").describe("Its image: needs sh, sleep and curl."),
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
  metallb: metallb.prefault({}).describe("MetalLB's chart."),
  trust: trust.prefault({}).describe("The trust that the clusters share."),
  peers: z.array(format.text(format.stackName)).default([]).describe("Names of the stacks whose clusters belong to the same mesh."),
  peering: z
    .strictObject({
      generation: positive.default(1).describe("Raised by one, `up` issues new reader tokens; those before stay valid until the next raise, which waits until no peer uses them."),
    })
    .prefault({})
    .describe("How clusters read each other."),
  client: client.prefault({}).describe("The client container."),
  images: z
    .strictObject({
      demo: format
        .text(format.image)
        .default("nicholasjackson/fake-service:v0.26.2")
        .describe("Image of the demo server: speaks fake-service's environment contract."),
    })
    .prefault({})
    .describe("Images of the demo."),
});

/** Settings with their own defaults filled in. */
export type Settings = z.output<typeof settingsSchema>;
export type ClusterSettings = Settings["clusters"][string];
