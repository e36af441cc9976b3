import { clashes, merge, type Tree } from "../../lib/merge";
import type { ClusterModel, MeshModel } from "../../settings/model";
import { EAST_WEST_GATEWAY, INGRESS_GATEWAY, ISTIO_NAMESPACE, NETWORK_LABEL } from "../../topology/names";

/**
 * Values of Istio's charts. For each chart they are made of three layers: what a profile suggests, the settings'
 * `istio.values` over it, and what makes this cluster a member of the mesh on top; the last layer cannot be overridden.
 */
type Values = Record<string, unknown>;

/** The charts that `istio.values` can add to. Both gateways are one chart and share its values. */
export const ISTIO_CHARTS = ["base", "istiod", "gateway"] as const;
export type IstioChart = (typeof ISTIO_CHARTS)[number];

/** Stands for a value that differs between the two gateways. */
const OWN = "set by the component";

/** How many copies run, and what each asks for. */
const SIZES = {
  demo: { replicas: 1, istiod: { cpu: "10m", memory: "100Mi" }, proxy: { cpu: "10m", memory: "40Mi" } },
  production: { replicas: 2, istiod: { cpu: "500m", memory: "2048Mi" }, proxy: { cpu: "100m", memory: "128Mi" } },
} as const;

/** Values of the chart `base`. */
export function baseValues(model: MeshModel): Values {
  return layers(model, "base", {}, fixedBase());
}

/** Values of the chart `istiod` in a cluster. */
export function istiodValues(model: MeshModel, cluster: ClusterModel): Values {
  return layers(model, "istiod", suggestedIstiod(model), fixedIstiod(model, cluster));
}

/**
 * Values of the chart `gateway` for the ingress gateway, the same in every cluster. Its Service must not carry the network's
 * label: peers would take it for a gateway between networks.
 */
export function ingressGatewayValues(model: MeshModel): Values {
  return layers(model, "gateway", suggestedGateway(model), fixedGateway(INGRESS_GATEWAY));
}

/**
 * Values of the chart `gateway` for the east-west gateway of a cluster. `networkGateway` opens 15021, 15443, 15012 and 15017
 * and labels Service and pods with the network, by which peers find it.
 */
export function eastWestGatewayValues(model: MeshModel, cluster: ClusterModel): Values {
  return layers(model, "gateway", suggestedGateway(model), {
    ...fixedGateway(EAST_WEST_GATEWAY),
    networkGateway: cluster.network,
  });
}

/** MetalLB's annotation for the addresses that a Service is to have. */
const ADDRESS_ANNOTATION = "metallb.io/loadBalancerIPs";

/**
 * Values of a gateway whose load balancer is to have a certain address. An annotation of that name in the settings wins.
 *
 * @param values values of the chart `gateway`.
 * @param address the address, or what will be one.
 */
export function withAddress(values: Values, address: unknown): Values {
  const service = values["service"] as Tree;
  const annotations = { [ADDRESS_ANNOTATION]: address, ...(service["annotations"] as Tree | undefined) };
  return { ...values, service: { ...service, annotations } };
}

/** Which keys of `istio.values` would change what makes this cluster a member of the mesh, with the value that stands. */
export function istioValueClashes(model: MeshModel, cluster: ClusterModel, chart: IstioChart): { path: string; stands: unknown }[] {
  const fixed = {
    base: fixedBase(),
    istiod: fixedIstiod(model, cluster),
    gateway: { ...fixedGateway(OWN), networkGateway: OWN, labels: { app: OWN, istio: OWN, [NETWORK_LABEL]: OWN } },
  }[chart];
  return clashes(fixed, model.istio.values[chart] ?? {});
}

function layers(model: MeshModel, chart: IstioChart, suggested: Tree, fixed: Tree): Values {
  return merge(suggested, model.istio.values[chart] ?? {}, fixed);
}

function fixedBase(): Tree {
  // The reader's ServiceAccount and rights are what peers read with.
  return { global: { istioNamespace: ISTIO_NAMESPACE, enableReaderRBAC: true } };
}

function suggestedIstiod(model: MeshModel): Tree {
  const { replicas, istiod, proxy } = SIZES[model.profile];
  return {
    autoscaleEnabled: false,
    replicaCount: replicas,
    resources: { requests: istiod },
    global: { proxy: { resources: { requests: proxy } } },
    meshConfig: model.profile === "demo" ? { accessLogFile: "/dev/stdout" } : {},
  };
}

function fixedIstiod(model: MeshModel, cluster: ClusterModel): Tree {
  return {
    global: {
      istioNamespace: ISTIO_NAMESPACE,
      meshID: model.mesh,
      multiCluster: { clusterName: cluster.clusterName },
      network: cluster.network,
      hub: model.istio.hub,
      tag: model.istio.tag,
    },
    env: {
      // Lets istiod take up another set of roots from `cacerts` while it runs, and tell the proxies: roots can be replaced.
      ISTIO_MULTIROOT_MESH: "true",
    },
    meshConfig: {
      trustDomain: model.trustDomain,
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

function suggestedGateway(model: MeshModel): Tree {
  const { replicas, proxy } = SIZES[model.profile];
  return {
    replicaCount: replicas,
    autoscaling: { enabled: false },
    // The pod's image is `auto` until the injector sees it, for which Kubernetes would choose Always.
    imagePullPolicy: "IfNotPresent",
    resources: { requests: proxy },
    podDisruptionBudget: replicas > 1 ? { minAvailable: 1 } : {},
  };
}

function fixedGateway(name: string): Tree {
  return { name, service: { type: "LoadBalancer" } };
}
