import * as kubernetes from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { IstioPrimary, PluginCA, type ChartSource } from "usmesh";

const config = new pulumi.Config();
const kubeconfig = config.requireSecret("kubeconfig");
const place = config.require("charts");
const charts: ChartSource = { version: "1.31.4", ...(place.includes("://") ? { repository: place } : { folder: place }) };

// An authority for a mesh that is to grow: it signs for east as well, which somebody else brings up.
const authority = new PluginCA("trust", { meshId: "shop", members: ["west", "east"] });

const provider = new kubernetes.Provider("west", { kubeconfig });
const primary = new IstioPrimary(
  "west-istio",
  {
    meshId: "shop",
    clusterName: "west-cluster",
    network: "west-network",
    cacerts: authority.intermediates["west"]!,
    charts,
    kubeconfig,
  },
  { provider },
);

/** Where the ingress gateway is. */
export const ingress = primary.ingressAddress;
/** What the other clusters trust. */
export const roots = authority.rootCertificates;
/** What istiod of east signs with. */
export const east = authority.intermediates["east"];
