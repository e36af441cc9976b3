import { resolve } from "node:path";
import { canonicalServer } from "../../lib/api-server-url";
import { repositoryRoot } from "../../lib/paths";
import { MAX_DEFAULT_INDEX } from "../../topology/addresses";
import { defaultClusterName, defaultNetwork } from "../../topology/names";
import { defaultAddressIndex } from "../defaults";
import { dnsLabel } from "../formats";
import { formatPath, type Path } from "../paths";
import type { Problem } from "../problems";
import type { ExistingDriver } from "../model";
import type { ClusterSettings, Settings } from "../schema";
import type { CheckContext } from "./check";
import { checkKubeconfig } from "./kubeconfig";

/** Longest key of a cluster, in characters: leaves room for suffixes such as `-control-plane` and `-cluster`. */
const MAX_KEY_LENGTH = 40;

const KIND_ONLY = ["podSubnet", "serviceSubnet", "kindName", "addressIndex", "nodes"] as const;
const EXISTING_ONLY = ["kubeconfig", "stack", "output", "context", "apiServer", "adopt"] as const;

/** A cluster, and the path of a setting of it. */
interface Entry {
  readonly key: string;
  readonly cluster: ClusterSettings;
  readonly at: (setting: keyof ClusterSettings) => Path;
}

/** Checks that each cluster is complete and consistent, and that no two share what distinguishes them. */
export function checkClusters(context: CheckContext): Problem[] {
  const { settings, model } = context;
  const entries = Object.entries(settings.clusters).map(([key, cluster]): Entry => ({ key, cluster, at: (setting) => ["clusters", key, setting] }));
  if (entries.length === 0) {
    return [{ path: ["clusters"], message: "the stack owns no cluster; name at least one, such as `west: {}`", because: [["clusters"]] }];
  }
  // With peers, the only cluster of a stack is not the only one on the Docker network.
  const alone = entries.length === 1 && settings.peers.length === 0;
  return [
    ...entries.flatMap((entry) => [
      ...checkKey(entry.key),
      ...(entry.cluster.driver === "kind" ? checkKind(entry, alone) : checkExisting(entry, context)),
      ...checkMetallb(entry),
    ]),
    ...checkDistinct(settings.clusters, model.clusters),
  ];
}

function checkKey(key: string): Problem[] {
  const message = dnsLabel(MAX_KEY_LENGTH)(key);
  return message === undefined ? [] : [{ path: ["clusters", key], message: `the key ${message}` }];
}

function checkKind({ key, cluster, at }: Entry, alone: boolean): Problem[] {
  const problems: Problem[] = EXISTING_ONLY.filter((setting) => cluster[setting] !== undefined).map((setting) => ({
    path: at(setting),
    message: "belongs to a cluster that already exists; remove it, or set `driver: existing`",
    because: [at("driver")],
  }));
  const usesPlan = cluster.podSubnet === undefined || cluster.serviceSubnet === undefined;
  const usesSlice = cluster.addresses === undefined && cluster.metallb !== false;
  const index = cluster.addressIndex ?? defaultAddressIndex(key, alone);
  if (index === undefined && (usesPlan || usesSlice)) {
    problems.push({
      path: at("addressIndex"),
      message:
        "must be set: only west (1), east (2) and the only cluster of a stack without peers (1) have a default; give each cluster of the mesh " +
        "an index of its own, from 1, and keep it (or set podSubnet, serviceSubnet and addresses)",
      because: [["clusters"], ["peers"], at("podSubnet"), at("serviceSubnet"), at("addresses")],
    });
  }
  if (usesPlan && index !== undefined && index > MAX_DEFAULT_INDEX) {
    problems.push({
      path: at("addressIndex"),
      message: `${index} is beyond the address plan, which ends at ${MAX_DEFAULT_INDEX}; set podSubnet and serviceSubnet as well`,
      because: [at("podSubnet"), at("serviceSubnet")],
    });
  }
  return problems;
}

function checkExisting(entry: Entry, { settings, exists }: CheckContext): Problem[] {
  const { cluster, at } = entry;
  const because = [at("driver")];
  const foreign = KIND_ONLY.filter((setting) => cluster[setting] !== undefined);
  return [
    ...checkKubeconfig(entry, settings.kubeconfigs),
    ...foreign.map((setting) => ({ path: at(setting), message: "belongs to a cluster that kind creates; remove it, or set `driver: kind`", because })),
    ...(cluster.kubeconfig !== undefined && !exists(cluster.kubeconfig)
      ? [{ path: at("kubeconfig"), message: `there is no file "${cluster.kubeconfig}"; write its path, absolute or from the project's folder` }]
      : []),
  ];
}

function checkMetallb({ cluster, at }: Entry): Problem[] {
  const because = [at("driver"), at("metallb")];
  const installed = cluster.metallb ?? cluster.driver === "kind";
  if (!installed && cluster.addresses !== undefined) {
    return [{ path: at("addresses"), message: "has no effect without MetalLB; remove it, or set `metallb: true`", because }];
  }
  if (installed && cluster.driver === "existing" && cluster.addresses === undefined) {
    const message =
      "must be set for MetalLB on a cluster that already exists: addresses of its network that nothing else uses, such as 192.168.7.100-192.168.7.120";
    return [{ path: at("addresses"), message, because }];
  }
  return [];
}

/** What no two clusters may have in common, why, and each cluster's value; clusters without one are left out. */
interface Distinct {
  readonly setting: keyof ClusterSettings;
  readonly why: string;
  readonly values: readonly (readonly [key: string, value: string | number])[];
}

function checkDistinct(settings: Settings["clusters"], clusters: CheckContext["model"]["clusters"]): Problem[] {
  const all: Distinct[] = [
    {
      setting: "clusterName",
      why: "Istio tells the endpoints of one cluster from those of another by this name",
      values: clusters.map(({ key, clusterName }) => [key, clusterName]),
    },
    {
      setting: "network",
      why: "clusters of one network would send requests directly to each other's pods",
      values: clusters.map(({ key, network }) => [key, network]),
    },
    {
      setting: "kindName",
      why: "two kind clusters cannot have the same name",
      values: clusters.flatMap(({ key, driver }) => (driver.type === "kind" ? [[key, driver.kindName] as const] : [])),
    },
    {
      setting: "addressIndex",
      why: "each cluster has its own slice of the address plan",
      values: clusters.flatMap(({ key, addressIndex }) => (addressIndex > 0 ? [[key, addressIndex] as const] : [])),
    },
    {
      setting: "context",
      why: "a cluster cannot be in the mesh twice",
      values: clusters.flatMap(({ key, driver }) =>
        driver.type === "existing" ? contextOf(key, driver) : [],
      ),
    },
    {
      setting: "apiServer",
      why: "a cluster cannot be in the mesh twice",
      values: clusters.flatMap(({ key, driver }) =>
        driver.type === "existing" && driver.apiServer !== undefined ? [[key, canonicalServer(driver.apiServer)] as const] : [],
      ),
    },
  ];
  return all.flatMap((distinct) => duplicates(settings, distinct));
}

/** What a context is, wherever it is; nothing where two settings cannot show that they lead to one cluster. */
function contextOf(key: string, { kubeconfig, context }: ExistingDriver): readonly (readonly [string, string])[] {
  if (kubeconfig.from === "file") return context === undefined ? [] : [[key, `${context} of ${resolve(repositoryRoot, kubeconfig.file)}`]];
  if (kubeconfig.from === "stack") return [[key, `${context ?? "the current context"} of output ${kubeconfig.output} of stack ${kubeconfig.stack}`]];
  return [];
}

/** A problem for each cluster that shares a value with an earlier one: for the one that sets it, if the other has it by default. */
function duplicates(clusters: Settings["clusters"], { setting, why, values }: Distinct): Problem[] {
  return values.flatMap(([later, value], index) => {
    const earlier = values.slice(0, index).find(([, other]) => other === value)?.[0];
    if (earlier === undefined) return [];
    const onlyEarlierIsSet = clusters[later]?.[setting] === undefined && clusters[earlier]?.[setting] !== undefined;
    const [key, other] = onlyEarlierIsSet ? [earlier, later] : [later, earlier];
    const because = ["clusters", other, setting];
    const right = typeof value === "number" ? Math.max(...values.map(([, used]) => Number(used))) + 1 : suggest(setting, key);
    const example = right === undefined ? "" : `, such as ${JSON.stringify(right)}`;
    return [
      {
        path: ["clusters", key, setting],
        message: `${JSON.stringify(value)} is also that of cluster ${other} (${formatPath(because)}); ${why}: choose another${example}`,
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
