import type * as pulumi from "@pulumi/pulumi";
import { clashes, isTree, merge, type Tree } from "../../lib/merge";
import { spreadConstraints } from "../kubernetes/spread";
import { EAST_WEST_GATEWAY, INGRESS_GATEWAY, ISTIO_NAMESPACE, NETWORK_LABEL } from "../../topology/names";
import { DEFAULT_REVISION } from "../../topology/revisions";

/**
 * Values of Istio's charts. Each chart's values have three layers: what the profile suggests, the caller's values over that, and
 * on top what makes the cluster a member of the mesh, which cannot be overridden. A value can be a Pulumi output.
 */
type Values = Record<string, unknown>;

/** The charts to which values can be added. The two gateways have the same chart and share its values. */
export const ISTIO_CHARTS = ["base", "istiod", "gateway"] as const;
export type IstioChart = (typeof ISTIO_CHARTS)[number];

/** `demo`: one replica of everything, and each request is logged. `production`: two replicas, on two nodes where there are two, and no request is logged. */
export type Profile = "demo" | "production";

/** What makes a cluster a member of the mesh. */
export interface Membership {
  /** Mesh id, the same in every member. */
  readonly meshId: pulumi.Input<string>;
  /** Istio's name for the cluster. */
  readonly clusterName: pulumi.Input<string>;
  /** Istio's name for the cluster's network. */
  readonly network: pulumi.Input<string>;
  /** SPIFFE trust domain, the same in every member. */
  readonly trustDomain: pulumi.Input<string>;
  /** Registry and path of the images, such as `docker.io/istio`. Default: the chart's. */
  readonly hub?: pulumi.Input<string> | undefined;
  /** Tag of the images. Default: the chart's. */
  readonly tag?: pulumi.Input<string> | undefined;
}

/** Stands for a value that is different for each gateway. */
const OWN = "set by the component";

/**
 * Replicas, and the resources that each of them requests. The charts limit proxies and gateways, and not istiod. It gets a limit of memory
 * alone: one of CPU would slow it when it has most to do.
 *
 * There is no autoscaler: it needs a metrics server, which not every cluster has, and without one it never scales. Values turn it on.
 */
const SIZES = {
  demo: { replicas: 1, istiod: { requests: { cpu: "10m", memory: "100Mi" } }, proxy: { cpu: "10m", memory: "40Mi" } },
  production: { replicas: 2, istiod: { requests: { cpu: "500m", memory: "2048Mi" }, limits: { memory: "4096Mi" } }, proxy: { cpu: "100m", memory: "128Mi" } },
} as const;

/** What keeps replicas on different nodes. */
function apart(replicas: number, matchLabels: Readonly<Record<string, string>>): Tree {
  return replicas > 1 ? { topologySpreadConstraints: spreadConstraints(matchLabels) } : {};
}

/** Values of the chart `base`. @param checks the revision whose istiod checks new objects; without one by default */
export function baseValues(extra: Tree = {}, checks: string = DEFAULT_REVISION): Values {
  return merge(extra, fixedBase(), checks === DEFAULT_REVISION ? {} : { defaultRevision: checks });
}

/** Values of the chart `istiod` in a cluster. */
export function istiodValues(membership: Membership, profile: Profile, extra: Tree = {}): Values {
  return merge(suggestedIstiod(profile), extra, fixedIstiod(membership));
}

/**
 * Values of the chart `istiod` that make it one of several. An istiod without a revision serves every pod that names none by a webhook of
 * its own; where a tag does that, it must not.
 *
 * @param tagged whether a tag leads to the revision that injects
 */
export function revisionValues(revision: string, tagged: boolean): Values {
  if (revision !== DEFAULT_REVISION) return { revision };
  return tagged ? { global: { operatorManageWebhooks: true } } : {};
}

/** Values of the chart `gateway` for a gateway that istiod of a revision serves. */
export function servedBy(revision: string = DEFAULT_REVISION): Values {
  return revision === DEFAULT_REVISION ? {} : { revision };
}

/**
 * Values of the chart `gateway` for the ingress gateway, the same in every cluster. Its Service must not have the network label:
 * peers would take it for a gateway between networks.
 */
export function ingressGatewayValues(profile: Profile, extra: Tree = {}): Values {
  return merge(suggestedGateway(INGRESS_GATEWAY, profile), extra, fixedGateway(INGRESS_GATEWAY));
}

/**
 * Values of the chart `gateway` for the east-west gateway of a cluster. `networkGateway` opens the ports 15021, 15443, 15012 and
 * 15017 and sets the network label on Service and pods, by which peers find it.
 */
export function eastWestGatewayValues(network: pulumi.Input<string>, profile: Profile, extra: Tree = {}): Values {
  return merge(suggestedGateway(EAST_WEST_GATEWAY, profile), extra, fixedGateway(EAST_WEST_GATEWAY), { networkGateway: network });
}

/** Who can connect to a gateway's load balancer. */
export interface Exposure {
  /** CIDRs from which it accepts connections. Default: all. */
  readonly sourceRanges?: readonly string[] | undefined;
  /** Whether it has an internal address. Default: that of the cloud. */
  readonly internal?: boolean | undefined;
}

/** How clouds are told that a load balancer is internal. Each ignores the others' annotations. */
const INTERNAL_ANNOTATIONS: Tree = {
  "service.beta.kubernetes.io/aws-load-balancer-internal": "true",
  "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
  "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
  "networking.gke.io/load-balancer-type": "Internal",
};

/** Values of the chart `gateway` for a load balancer that not everybody can connect to. */
export function exposureValues({ sourceRanges, internal = false }: Exposure): Values {
  const service = {
    ...(sourceRanges === undefined ? {} : { loadBalancerSourceRanges: [...sourceRanges] }),
    ...(internal ? { annotations: INTERNAL_ANNOTATIONS } : {}),
  };
  return Object.keys(service).length === 0 ? {} : { service };
}

/** MetalLB's annotation for the addresses that a Service asks for. */
const ADDRESS_ANNOTATION = "metallb.io/loadBalancerIPs";

/**
 * Values of a gateway whose load balancer asks for an address. An annotation of that name in the values takes precedence.
 *
 * @param values values of the chart `gateway`
 * @param address the address; undefined: the load balancer takes the one that it is given
 */
export function withAddress(values: Values, address: pulumi.Input<string> | undefined): Values {
  if (address === undefined) return values;
  const service = values["service"] as Tree;
  const annotations = { [ADDRESS_ANNOTATION]: address, ...(service["annotations"] as Tree | undefined) };
  return { ...values, service: { ...service, annotations } };
}

/** Which keys of `extra` would change what makes the cluster a member of the mesh, with the value that the component sets. */
export function istioValueClashes(chart: IstioChart, membership: Membership, extra: Tree = {}): { path: string; kept: unknown }[] {
  const fixed = {
    base: fixedBase(),
    istiod: fixedIstiod(membership),
    gateway: { ...fixedGateway(OWN), networkGateway: OWN, labels: { app: OWN, istio: OWN, [NETWORK_LABEL]: OWN } },
  }[chart];
  const found = clashes(fixed, extra);
  const over = chart === "istiod" ? extra["pilot"] : undefined;
  // The chart copies what is below `pilot` over all other values.
  return isTree(over) ? [...found, ...clashes(fixed, over).map(({ path, kept }) => ({ path: `pilot.${path}`, kept }))] : found;
}

function fixedBase(): Tree {
  // Peers read with the reader's ServiceAccount and its permissions.
  return { global: { istioNamespace: ISTIO_NAMESPACE, enableReaderRBAC: true } };
}

function suggestedIstiod(profile: Profile): Tree {
  const { replicas, istiod, proxy } = SIZES[profile];
  return {
    autoscaleEnabled: false,
    replicaCount: replicas,
    resources: istiod,
    ...apart(replicas, { app: "istiod" }),
    global: { proxy: { resources: { requests: proxy } } },
    // An istiod that starts while a peer's API server does not answer knows none of that peer's endpoints. So long it waits for them and
    // serves nobody, while proxies keep what they have. Not longer: a cluster that restarts waits for its peers as well.
    env: { PILOT_REMOTE_CLUSTER_TIMEOUT: "2m" },
    meshConfig: {
      // As Istio's own default, but the last attempt goes to another region.
      defaultHttpRetryPolicy: { attempts: 2, retryRemoteLocalities: true },
      ...(profile === "demo" ? { accessLogFile: "/dev/stdout" } : {}),
    },
  };
}

function fixedIstiod({ meshId, clusterName, network, trustDomain, hub, tag }: Membership): Tree {
  return {
    global: {
      istioNamespace: ISTIO_NAMESPACE,
      meshID: meshId,
      multiCluster: { clusterName },
      network,
      hub,
      tag,
    },
    env: {
      // Lets istiod load other roots from `cacerts` while it runs, and send them to the proxies: roots can be replaced.
      ISTIO_MULTIROOT_MESH: "true",
    },
    meshConfig: {
      trustDomain,
      defaultConfig: {
        proxyMetadata: {
          // A name that exists only in another cluster resolves.
          ISTIO_META_DNS_CAPTURE: "true",
          // Proxies take new roots from istiod at once, not with their next certificate.
          PROXY_CONFIG_XDS_AGENT: "true",
        },
      },
    },
  };
}

function suggestedGateway(name: string, profile: Profile): Tree {
  const { replicas, proxy } = SIZES[profile];
  return {
    replicaCount: replicas,
    autoscaling: { enabled: false },
    // The pod's image is `auto` until the injector sets it, for which Kubernetes would choose Always.
    imagePullPolicy: "IfNotPresent",
    resources: { requests: proxy },
    podDisruptionBudget: replicas > 1 ? { minAvailable: 1 } : {},
    ...apart(replicas, { app: name }),
  };
}

function fixedGateway(name: string): Tree {
  return { name, service: { type: "LoadBalancer" } };
}
