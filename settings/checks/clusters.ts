import { MAX_DEFAULT_INDEX } from "../../topology/addresses";
import { defaultAddressIndex } from "../defaults";
import type { Checked } from "../config";
import { dnsLabel } from "../formats";
import { defaultClusterName, defaultNetwork, kindNode } from "../../topology/names";
import { didYouMean, formatPath, type Path, type Problem } from "../../lib/problems";
import type { ClusterSettings, Settings } from "../schema";

/** Longest key of a cluster: room for what is put behind it, such as `-control-plane` and `-cluster`. */
const KEY_MOST = 40;

const KIND_ONLY = ["podSubnet", "serviceSubnet", "kindName", "addressIndex"] as const;
const EXISTING_ONLY = ["kubeconfig", "context", "apiServer"] as const;

/** Whether each cluster is complete and in itself consistent, and no two share what makes them distinct. */
export function checkClusters({ settings, model, exists }: Checked): Problem[] {
  const clusters = Object.entries(settings.clusters);
  if (clusters.length === 0) {
    return [{ path: ["clusters"], message: "the stack owns no cluster; name at least one, such as `west: {}`", because: [["clusters"]] }];
  }
  // With peers, a cluster that is alone in its stack is not alone on the Docker network.
  const alone = clusters.length === 1 && settings.peers.length === 0;
  return [
    ...clusters.flatMap(([key, cluster]) => {
      const at = (setting: keyof ClusterSettings): Path => ["clusters", key, setting];
      return [
        ...checkKey(key),
        ...(cluster.driver === "kind" ? checkKind(cluster, at, defaultAddressIndex(key, alone)) : checkExisting(cluster, at, exists)),
        ...checkMetallb(cluster, at),
      ];
    }),
    ...distinct(
      settings.clusters,
      "clusterName",
      "Istio's name for a cluster tells its endpoints from those of others",
      model.clusters.map((cluster) => [cluster.key, cluster.clusterName]),
    ),
    ...distinct(
      settings.clusters,
      "network",
      "clusters of one network would send requests straight to each other's pods",
      model.clusters.map((cluster) => [cluster.key, cluster.network]),
    ),
    ...distinct(
      settings.clusters,
      "kindName",
      "two kind clusters cannot have one name",
      model.clusters.flatMap(({ key, driver }) => (driver.type === "kind" ? [[key, driver.kindName] as const] : [])),
    ),
    ...distinct(
      settings.clusters,
      "addressIndex",
      "each cluster has its own slice of the address plan",
      model.clusters.flatMap(({ key, addressIndex }) => (addressIndex > 0 ? [[key, addressIndex] as const] : [])),
    ),
    ...distinct(
      settings.clusters,
      "context",
      "the same cluster cannot be a member twice",
      model.clusters.flatMap(({ key, driver }) =>
        driver.type === "existing" && driver.kubeconfig !== "" ? [[key, `${driver.context} of ${driver.kubeconfig}`] as const] : [],
      ),
    ),
  ];
}

function checkKey(key: string): Problem[] {
  const message = dnsLabel(KEY_MOST)(key);
  return message === undefined ? [] : [{ path: ["clusters", key], message: `the key ${message}` }];
}

function checkKind(cluster: ClusterSettings, at: (setting: keyof ClusterSettings) => Path, defaultIndex: number | undefined): Problem[] {
  const because = [at("driver")];
  const problems: Problem[] = EXISTING_ONLY.filter((setting) => cluster[setting] !== undefined).map((setting) => ({
    path: at(setting),
    message: "belongs to a cluster that exists; take it away, or set `driver: existing`",
    because,
  }));
  const plans = cluster.podSubnet === undefined || cluster.serviceSubnet === undefined;
  const slices = cluster.addresses === undefined && cluster.metallb !== false;
  const index = cluster.addressIndex ?? defaultIndex;
  if (index === undefined && (plans || slices)) {
    problems.push({
      path: at("addressIndex"),
      message:
        "must be set: only west (1), east (2) and a cluster that is alone (1) have one by themselves; give each cluster of the mesh " +
        "its own, from 1, and keep it (or set podSubnet, serviceSubnet and addresses)",
      because: [["clusters"], ["peers"], at("podSubnet"), at("serviceSubnet"), at("addresses")],
    });
  }
  if (plans && (index ?? 1) > MAX_DEFAULT_INDEX) {
    problems.push({
      path: at("addressIndex"),
      message: `${index} is beyond the address plan, which ends at ${MAX_DEFAULT_INDEX}; set podSubnet and serviceSubnet as well`,
      because: [at("podSubnet"), at("serviceSubnet")],
    });
  }
  return problems;
}

function checkExisting(
  cluster: ClusterSettings,
  at: (setting: keyof ClusterSettings) => Path,
  exists: (path: string) => boolean,
): Problem[] {
  const because = [at("driver")];
  const missing = (["kubeconfig", "context"] as const).filter((setting) => cluster[setting] === undefined);
  const foreign = KIND_ONLY.filter((setting) => cluster[setting] !== undefined);
  return [
    ...missing.map((setting) => ({
      path: at(setting),
      message:
        setting === "kubeconfig"
          ? "must be set for `driver: existing`: the path of a kubeconfig file; the ambient one is never used"
          : "must be set for `driver: existing`: the name of a context in the kubeconfig",
      because,
    })),
    ...foreign.map((setting) => ({
      path: at(setting),
      message: "belongs to a cluster that kind creates; take it away, or set `driver: kind`",
      because,
    })),
    ...(cluster.kubeconfig !== undefined && !exists(cluster.kubeconfig)
      ? [{ path: at("kubeconfig"), message: `there is no file "${cluster.kubeconfig}"; write its path, absolute or from the project's folder` }]
      : []),
  ];
}

function checkMetallb(cluster: ClusterSettings, at: (setting: keyof ClusterSettings) => Path): Problem[] {
  const because = [at("driver"), at("metallb")];
  const installed = cluster.metallb ?? cluster.driver === "kind";
  if (!installed && cluster.addresses !== undefined) {
    return [{ path: at("addresses"), message: "has no effect without MetalLB; take it away, or set `metallb: true`", because }];
  }
  if (installed && cluster.driver === "existing" && cluster.addresses === undefined) {
    return [
      {
        path: at("addresses"),
        message: "must be set for MetalLB on a cluster that exists: addresses of its network that nothing else uses, such as 192.168.7.100-192.168.7.120",
        because,
      },
    ];
  }
  return [];
}

/** A problem for each cluster that shares a value with another: for the one that sets it, where the other has it by default. */
function distinct(
  clusters: Settings["clusters"],
  setting: keyof ClusterSettings,
  why: string,
  values: readonly (readonly [key: string, value: string | number])[],
): Problem[] {
  return values.flatMap(([later, value], index) => {
    const earlier = values.slice(0, index).find(([, other]) => other === value)?.[0];
    if (earlier === undefined) return [];
    const swap = clusters[later]?.[setting] === undefined && clusters[earlier]?.[setting] !== undefined;
    const [key, other] = swap ? [earlier, later] : [later, earlier];
    const because = ["clusters", other, setting];
    const right = typeof value === "number" ? Math.max(...values.map(([, used]) => Number(used))) + 1 : suggest(setting, key);
    return [
      {
        path: ["clusters", key, setting],
        message: `${JSON.stringify(value)} is that of cluster ${other} too (${formatPath(because)}); ${why}: choose another${
          right === undefined ? "" : `, such as ${JSON.stringify(right)}`
        }`,
        because: [because],
      },
    ];
  });
}

function suggest(setting: keyof ClusterSettings, key: string): string | undefined {
  if (setting === "network") return defaultNetwork(key);
  if (setting === "clusterName") return defaultClusterName(key);
  return setting === "kindName" ? key : undefined;
}

/** The key of the cluster whose node's container has this name, if any. */
export function nodeNamed(name: string, clusters: Checked["model"]["clusters"]): string | undefined {
  return clusters.find(({ driver }) => driver.type === "kind" && kindNode(driver.kindName) === name)?.key;
}

/** The message for a key that should name one of these clusters and does not. */
export function unknownCluster(key: string, known: readonly string[]): string {
  return `there is no cluster "${key}".${didYouMean(key, known) || ` There are: ${known.join(", ")}.`}`;
}
