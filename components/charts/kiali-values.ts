import { clashes, merge, type Tree } from "../../lib/merge";
import { ISTIO_NAMESPACE, observerHost } from "../../topology/names";
import { PORTS } from "../observability/ports";

/** Name of Kiali's release, ServiceAccount, Service and policy, and its label `app`. */
export const KIALI = "kiali";

/** Where Kiali of a cluster is, and what it asks. */
export interface KialiPlace {
  /** The cluster's key. */
  readonly key: string;
  /** Istio's name for the cluster. */
  readonly clusterName: string;
}

/**
 * Values of the chart `kiali-server`: what is suggested, the caller's values over that, and on top what the component needs.
 *
 * @param image the image of Kiali. Default: that of the chart
 * @param podAnnotations annotations of its pod, which can be outputs
 */
export function kialiValues(place: KialiPlace, extra: Tree = {}, image?: string, podAnnotations: Tree = {}): Record<string, unknown> {
  return merge({ deployment: { image_pull_policy: "IfNotPresent" } }, extra, fixed(place), { deployment: { ...(image === undefined ? {} : imageValues(image)), pod_annotations: podAnnotations } });
}

/** Which keys of `extra` would change what the component needs, with the value that the component sets. */
export function kialiValueClashes(place: KialiPlace, extra: Tree = {}): { path: string; kept: unknown }[] {
  return clashes(fixed(place), extra);
}

function fixed({ key, clusterName }: KialiPlace): Tree {
  return {
    // Those of the component have fewer permissions.
    skipResources: ["clusterrole", "clusterrolebinding"],
    // The only one, beside a login provider of one's own, with which Kiali reads several clusters. Who may reach it is said by the policy.
    auth: { strategy: "anonymous" },
    // They are in the one Secret that the chart always mounts.
    clustering: { autodetect_secrets: { enabled: false } },
    deployment: {
      instance_name: KIALI,
      view_only_mode: true,
      cluster_wide_access: true,
      remote_cluster_resources_only: false,
      ingress: { enabled: false },
      // The one of the chart lets everybody in at Kiali's port, and Prometheus not at its proxy's.
      network_policy: { enabled: false },
    },
    external_services: {
      // Without permission to forward to istiod and the proxies, which would let it ask them for anything.
      istio: { root_namespace: ISTIO_NAMESPACE, istio_api_enabled: false },
      prometheus: { url: `http://${observerHost("prometheus", key)}:${PORTS.prometheus}` },
      tracing: { enabled: true, provider: "jaeger", internal_url: `http://${observerHost("jaeger", key)}:${PORTS.query}`, use_grpc: false },
      grafana: { enabled: false },
    },
    kiali_feature_flags: { disabled_features: ["logs-tab"] },
    kubernetes_config: { cluster_name: clusterName },
  };
}

/** An image as the chart wants it: its tag, by default `latest` as everywhere, or `sha256` and the digest. */
function imageValues(image: string): Tree {
  const [named = "", digest] = image.split("@sha256:");
  const colon = named.lastIndexOf(":");
  const hasTag = colon > named.lastIndexOf("/");
  const name = hasTag ? named.slice(0, colon) : named;
  return digest === undefined ? { image_name: name, image_digest: "", image_version: hasTag ? named.slice(colon + 1) : "latest" } : { image_name: name, image_digest: "sha256", image_version: digest };
}
