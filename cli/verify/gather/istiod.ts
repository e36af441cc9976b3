import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import type { Got, IstiodFacts, ProxyFacts, RemoteStatus } from "../facts";
import type { Kube } from "../kube";
import { attempt, type ConfigMap, isReady, type Pod } from "./resources";

const MONITORING = 15014;

interface MeshConfig {
  trustDomain?: string;
  defaultConfig?: { meshId?: string };
}

interface InjectorValues {
  global?: { network?: string; meshID?: string; multiCluster?: { clusterName?: string } };
}

/** The pods of istiod among those of istio-system. */
export function istiodPods(pods: readonly Pod[]): Pod[] {
  return pods.filter((pod) => pod.metadata.labels?.["app"] === "istiod" && pod.metadata.deletionTimestamp === undefined);
}

/** Who istiod says it is, and whom it reads. */
export async function gatherIstiod(kube: Kube, pods: readonly Pod[]): Promise<IstiodFacts> {
  const all = istiodPods(pods);
  const ready = all.filter(isReady);
  const revision = all[0]?.metadata.labels?.["istio.io/rev"] ?? "default";
  const suffix = revision === "default" ? "" : `-${revision}`;
  const [mesh, injector, remotes] = await Promise.all([
    yamlOf<MeshConfig>(kube, `istio${suffix}`, "mesh"),
    yamlOf<InjectorValues>(kube, `istio-sidecar-injector${suffix}`, "values"),
    debug<RemoteStatusJson[]>(kube, ready[0], "/debug/clusterz"),
  ]);
  const discovery = all[0]?.spec.containers.find((container) => container.name === "discovery");
  return {
    ready: ready.length,
    total: all.length,
    version: discovery?.image?.replace(/@.*$/, "").match(/:([^:/]+)$/)?.[1],
    clusterName: discovery?.env?.find((e) => e.name === "CLUSTER_ID")?.value ?? injector?.global?.multiCluster?.clusterName,
    meshId: mesh?.defaultConfig?.meshId ?? injector?.global?.meshID,
    trustDomain: mesh?.trustDomain ?? "cluster.local",
    network: injector?.global?.network,
    remotes: remotes.ok ? { ok: true, value: remotes.value.map(remoteOf) } : remotes,
  };
}

interface RemoteStatusJson {
  id?: string;
  secretName?: string;
  syncStatus?: string;
}

function remoteOf(raw: RemoteStatusJson): RemoteStatus {
  return { id: raw.id ?? "", secret: raw.secretName ?? "", status: raw.syncStatus ?? "unknown" };
}

async function yamlOf<T>(kube: Kube, name: string, key: string): Promise<T | undefined> {
  const map = await kube.find<ConfigMap>(`/api/v1/namespaces/istio-system/configmaps/${name}`);
  const text = map?.data?.[key];
  return text === undefined ? undefined : (parse(text) as T);
}

/** Reads one of istiod's debug pages; loopback callers, which a port-forward is to the pod, need no token there. */
async function debug<T>(kube: Kube, pod: Pod | undefined, path: string): Promise<Got<T>> {
  return attempt(async () => {
    if (pod === undefined) throw new Error("istiod has no ready pod");
    const { name, namespace = "istio-system" } = pod.metadata;
    return JSON.parse(await kube.podGet(namespace, name, MONITORING, path)) as T;
  });
}

interface SyncJson {
  proxy?: string;
  cluster_id?: string;
  istio_version?: string;
  resources?: Record<string, { lastError?: string }>;
  [field: string]: unknown;
}

/** How often, and with which pause, proxies are asked about again that have not acknowledged what they were sent a moment ago. */
const PATIENCE = { times: 4, ms: 700 };

/** The proxies connected to any ready istiod, and whether each took what it was sent. */
export async function gatherProxies(kube: Kube, pods: readonly Pod[]): Promise<Got<ProxyFacts[]>> {
  let found = await readProxies(kube, pods);
  for (let again = 0; again < PATIENCE.times && found.ok && found.value.some((proxy) => proxy.stale.length > 0); again += 1) {
    await sleep(PATIENCE.ms);
    found = await readProxies(kube, pods);
  }
  return found;
}

async function readProxies(kube: Kube, pods: readonly Pod[]): Promise<Got<ProxyFacts[]>> {
  return attempt(async () => {
    const ready = istiodPods(pods).filter(isReady);
    if (ready.length === 0) throw new Error("istiod has no ready pod");
    const pages = await Promise.all(ready.map((pod) => debug<SyncJson[]>(kube, pod, "/debug/syncz")));
    return pages.flatMap((page) => {
      if (!page.ok) throw new Error(page.error);
      return page.value.map(proxyOf);
    });
  });
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
