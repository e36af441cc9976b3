import * as pulumi from "@pulumi/pulumi";
import { Mesh, type Kubeconfig } from "usmesh";

/** The stacks that made the clusters. A cluster of `@pulumi/eks` gives a kubeconfig whose user is the program `aws`, as an object. */
const stacks = new pulumi.Config().requireObject<Record<string, string>>("clusters");

const clusters = Object.entries(stacks).map(([key, stack]) => {
  const kubeconfig = new pulumi.StackReference(`${key}-cluster`, { name: stack }).requireOutput("kubeconfig") as pulumi.Output<Kubeconfig>;
  return [key, { kubeconfig }] as const;
});

/** Network load balancers: they pass TLS on as it is, which the east-west gateways need. They have host names. */
const service = {
  annotations: {
    "service.beta.kubernetes.io/aws-load-balancer-type": "external",
    "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing",
    "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip",
  },
};

const mesh = new Mesh("shop", {
  meshId: "shop",
  clusters: Object.fromEntries(clusters),
  profile: "production",
  istioCharts: { version: "1.31.4", repository: "https://istio-release.storage.googleapis.com/charts" },
  istioValues: { gateway: { service } },
  // The other region reads a cluster through its gateway, so the API servers can stay private.
  through: "gateway",
  // Nothing outside the mesh talks to its workloads in plain text.
  mutualTls: "strict",
  // Three errors in a row, and requests go to the other region for a minute.
  failover: { consecutiveErrors: 3, ejectionSeconds: 60 },
  // What the other region can reach, and nothing else.
  eastWestHosts: ["*.shop.svc.cluster.local", "*.catalog.svc.cluster.local"],
});

/** Wired pairs: istiod of the first reads the second. */
export const pairs = mesh.pairs;
/** By cluster: where its ingress gateway is. */
export const ingress = Object.fromEntries(Object.entries(mesh.clusters).map(([key, { ingressAddress }]) => [key, ingressAddress]));
