import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { ofRevision } from "../../../topology/revisions";
import type { IstiodFacts, ProxyFacts, RemoteStatus, ReplicaFacts, Result } from "../facts";
import type { Kube } from "../kube";
import { attempt, type ConfigMap, isReady, type Pod } from "./resources";
import { istiodRevision, versionOf } from "./revisions";

const MONITORING_PORT = 15014;

interface MeshConfig {
  trustDomain?: string;
  trustDomainAliases?: string[];
  defaultConfig?: { meshId?: string };
}

interface InjectorValues {
  global?: { network?: string; meshID?: string; multiCluster?: { clusterName?: string } };
}

/** The pods of istiod among those of istio-system. */
export function istiodPods(pods: readonly Pod[]): Pod[] {
  return pods.filter((pod) => pod.metadata.labels?.["app"] === "istiod" && pod.metadata.deletionTimestamp === undefined);
}

/**
 * What istiod calls itself and its mesh, which clusters each of its pods reads, and which proxies each serves.
 *
 * @param injects the revision that injects: where there are several, the cluster is what this one says. Default: the first.
 */
export async function gatherIstiod(kube: Kube, pods: readonly Pod[], injects?: string, retryMs = STALE_RETRY_MS): Promise<IstiodFacts> {
  const all = istiodPods(pods);
  const ready = all.filter(isReady);
  const chosen = all.find((pod) => istiodRevision(pod) === injects) ?? all[0];
  const revision = istiodRevision(chosen);
  const [mesh, injector, replicas] = await Promise.all([
    yamlOf<MeshConfig>(kube, ofRevision("istio", revision), "mesh"),
    yamlOf<InjectorValues>(kube, ofRevision("istio-sidecar-injector", revision), "values"),
    Promise.all(ready.map((pod) => replicaOf(kube, pod, retryMs))),
  ]);
  const discovery = chosen?.spec.containers.find((container) => container.name === "discovery");
  return {
    ready: ready.length,
    total: all.length,
    version: versionOf(chosen),
    clusterName: discovery?.env?.find((e) => e.name === "CLUSTER_ID")?.value ?? injector?.global?.multiCluster?.clusterName,
    meshId: mesh?.defaultConfig?.meshId ?? injector?.global?.meshID,
    trustDomain: mesh?.trustDomain ?? "cluster.local",
    trustDomainAliases: mesh?.trustDomainAliases ?? [],
    network: injector?.global?.network,
    replicas,
  };
}

async function replicaOf(kube: Kube, pod: Pod, retryMs: number): Promise<ReplicaFacts> {
  const [remotes, proxies] = await Promise.all([gatherRemotes(kube, pod), gatherProxies(kube, pod, retryMs)]);
  return { pod: pod.metadata.name, remotes, proxies };
}

interface RemoteStatusJson {
  id?: string;
  secretName?: string;
  syncStatus?: string;
}

async function gatherRemotes(kube: Kube, pod: Pod): Promise<Result<RemoteStatus[]>> {
  return attempt(async () => {
    const remotes = await debugPage<RemoteStatusJson[]>(kube, pod, "/debug/clusterz");
    return remotes.map((raw) => ({ id: raw.id ?? "", secret: raw.secretName ?? "", status: raw.syncStatus ?? "unknown" }));
  });
}

async function yamlOf<T>(kube: Kube, name: string, key: string): Promise<T | undefined> {
  const map = await kube.find<ConfigMap>(`/api/v1/namespaces/istio-system/configmaps/${name}`);
  const text = map?.data?.[key];
  return text === undefined ? undefined : (parse(text) as T);
}

/** Reads one of istiod's debug pages. Callers on loopback, which a port-forward is to the pod, need no token there. */
async function debugPage<T>(kube: Kube, pod: Pod, path: string): Promise<T> {
  const { name, namespace = "istio-system" } = pod.metadata;
  return JSON.parse(await kube.podGet(namespace, name, MONITORING_PORT, path)) as T;
}

interface SyncJson {
  proxy?: string;
  cluster_id?: string;
  istio_version?: string;
  resources?: Record<string, { lastError?: string }>;
  [field: string]: unknown;
}

/** How often proxies that have not acknowledged what they were sent a moment ago are read again, and the pause before each time. */
const MAX_STALE_RETRIES = 4;
const STALE_RETRY_MS = 700;

/** The proxies connected to a pod of istiod, and whether each took what it was sent. */
async function gatherProxies(kube: Kube, pod: Pod, retryMs: number): Promise<Result<ProxyFacts[]>> {
  const read = (): Promise<Result<ProxyFacts[]>> => attempt(async () => (await debugPage<SyncJson[]>(kube, pod, "/debug/syncz")).map(proxyOf));
  let found = await read();
  for (let retry = 0; retry < MAX_STALE_RETRIES && found.ok && found.value.some((proxy) => proxy.stale.length > 0); retry += 1) {
    await sleep(retryMs);
    found = await read();
  }
  return found;
}

const TYPES = ["cluster", "listener", "route", "endpoint"] as const;

function proxyOf(raw: SyncJson): ProxyFacts {
  const stale = TYPES.filter((type) => {
    const sent = raw[`${type}_sent`];
    return typeof sent === "string" && sent !== "" && raw[`${type}_acked`] !== sent;
  });
  const rejected = Object.values(raw.resources ?? {}).map((r) => r.lastError).find((e) => e !== undefined && e !== "");
  return { id: raw.proxy ?? "", version: raw.istio_version ?? "", stale, rejected };
}
