import { z } from "zod";
import { WAYS } from "../topology/discovery";
import * as format from "./formats";

const { label, positive } = format;

const podSubnet = format.text(format.subnet(8, 24, "a node takes a /24 of it and a cluster at most 65,536 of those"));
const serviceSubnet = format.text(format.subnet(12, 24, "the API server accepts no larger one, and a smaller one has too few addresses"));

/** Longest name of a kind cluster, in characters: its node's host name, with `-control-plane`, has at most 63. */
const MAX_KIND_NAME_LENGTH = 49;

/** The settings of one cluster. See `schema.ts`. */
export const cluster = z.strictObject({
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
  nodes: positive.max(9).optional().describe("Nodes of the cluster (kind): a control plane, and workers beside it. Another number recreates the cluster. Default: 1, where everything runs."),
  kubeconfig: format
    .text(format.notEmpty)
    .optional()
    .describe("Path of the kubeconfig (existing), absolute or from the project's folder. Default: the kubeconfig comes from `stack`, or from the secret setting `kubeconfigs`."),
  stack: format
    .text(format.stackName)
    .optional()
    .describe("Stack that exports the kubeconfig (existing), such as organization/eks/prod. Default: none, it comes from `kubeconfig` or `kubeconfigs`."),
  output: format.text(format.notEmpty).optional().describe("Name of that stack's output (existing): a kubeconfig as text or as an object. Default: `kubeconfig`."),
  context: format
    .text(format.notEmpty)
    .optional()
    .describe("The context in the kubeconfig (existing). Default: its current context; required for a file."),
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
