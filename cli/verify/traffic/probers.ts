import { setTimeout as sleep } from "node:timers/promises";
import { KubeError, MERGE_PATCH } from "../../../lib/api-server";
import type { NotStarted, Result, TrafficFacts } from "../facts";
import { hasSidecar } from "../gather/cluster";
import { attempt, isReady, type Namespace, type Pod } from "../gather/resources";
import type { Kube } from "../kube";
import type { Target } from "../targets";
import type { EnvoyOptions } from "./envoy";
import { namespaceOf, OWNED, PROBER, proberObjects, RENEWED } from "./objects";
import { proxySource } from "./workloads";

/** How long the test pods may take to start. */
const START_MS = 40_000;
/** Milliseconds between two looks at whether something is there that is waited for. */
export const POLL_MS = 100;
/** What an interrupted run left behind is removed when it is older than this. */
const STALE_MINUTES = 15;

/** The answer of a pair: what came back, or why nothing was sent. */
export type Answer = TrafficFacts | NotStarted;

/** The cluster did not run the test workloads, and that is the mesh's or the cluster's fault. */
class NotStartedError extends Error {}

/**
 * Why the test workloads do not run; undefined where they do. An API server that does not answer, or does not let this user create them,
 * says nothing about the mesh; one that takes the pods and does not get them to run does.
 */
export async function startOrReason(start: () => Promise<void>): Promise<Result<NotStarted> | undefined> {
  try {
    await start();
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isFault = error instanceof NotStartedError || (error instanceof KubeError && ![401, 403, 429].includes(error.status));
    return isFault ? { ok: true, value: { notStarted: message } } : { ok: false, error: message };
  }
}

/**
 * Creates what the test workloads of a run need in one cluster, as far as it is not there, and waits until they are ready.
 *
 * @throws Error where that does not work: see {@link startOrReason}.
 */
export async function deploy(target: Target, all: readonly Target[], namespace: string, signal: AbortSignal, options: EnvoyOptions = {}): Promise<void> {
  await createWorkloads(target, all, namespace, options);
  await waitReady(target, namespace, signal);
}

/** The first part of {@link deploy}. */
export async function createWorkloads({ kube, key }: Target, all: readonly Target[], namespace: string, options: EnvoyOptions = {}): Promise<void> {
  const [{ image, revision }] = await Promise.all([proxySource(kube), removeStale(kube)]);
  await create(kube, "/api/v1/namespaces", namespaceOf(namespace, revision));
  const keys = all.map((t) => t.key);
  const objects = proberObjects(key, keys, namespace, image, options);
  const isAccount = ({ path }: { readonly path: string }): boolean => path.endsWith("/serviceaccounts");
  // A pod is refused until its account is there.
  for (const accounts of [true, false]) {
    await Promise.all(objects.filter((object) => isAccount(object) === accounts).map(({ path, body }) => create(kube, path, body)));
  }
}

async function create(kube: Kube, path: string, body: object): Promise<void> {
  try {
    await kube.request("POST", path, body);
  } catch (error) {
    if (!(error instanceof KubeError && error.status === 409)) throw error;
  }
}

/** The second part of {@link deploy}. */
export async function waitReady({ kube }: Target, namespace: string, signal: AbortSignal): Promise<void> {
  for (const deadline = Date.now() + START_MS; ; ) {
    const pod = await kube.get<Pod>(`/api/v1/namespaces/${namespace}/pods/${PROBER}`);
    if (isReady(pod)) {
      if (hasSidecar(pod)) return;
      throw new NotStartedError("the test pod got no sidecar: injection does not work");
    }
    if (Date.now() > deadline) throw new NotStartedError(`the test pod did not become ready within ${START_MS / 1000} s`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

/**
 * Sends one request from the test workload that `port` leads to.
 *
 * @param path what {@link proberConfig} routes to the workload that is meant.
 * @throws Error where the test workload does not answer.
 */
export async function once(port: number, path: string, signal: AbortSignal, timeoutMs = 6000): Promise<TrafficFacts> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) });
  await response.text();
  return {
    status: response.status,
    servedBy: response.headers.get("x-served-by") ?? undefined,
    clientIdentity: /(?:^|;)URI=([^;,]+)/.exec(response.headers.get("x-client") ?? "")?.[1],
    latencyMs: Number(response.headers.get("x-envoy-upstream-service-time") ?? 0),
  };
}

/** Removes the namespaces of a run from all clusters that let it. */
export async function removeRun(targets: readonly Target[], namespace: string): Promise<void> {
  await Promise.all(targets.map(({ kube }) => attempt(() => removeNamespace(kube, namespace))));
}

async function removeNamespace(kube: Kube, name: string): Promise<void> {
  await kube.request("DELETE", `/api/v1/namespaces/${name}`);
}

/** Records in the cluster that the run of this namespace is still active: {@link removeStale} leaves it alone. */
export async function renew({ kube }: Target, namespace: string): Promise<void> {
  const annotations = { [RENEWED]: new Date().toISOString() };
  await kube.request("PATCH", `/api/v1/namespaces/${namespace}`, { metadata: { annotations } }, MERGE_PATCH);
}

async function removeStale(kube: Kube): Promise<void> {
  const selector = encodeURIComponent(Object.entries(OWNED).map(([label, value]) => `${label}=${value}`).join());
  const left = await kube.list<Namespace & { metadata: { creationTimestamp?: string } }>(`/api/v1/namespaces?labelSelector=${selector}`);
  const old = left.filter(({ metadata }) => {
    const since = metadata.annotations?.[RENEWED] ?? metadata.creationTimestamp ?? "";
    return Date.now() - Date.parse(since) > STALE_MINUTES * 60_000;
  });
  await Promise.all(old.map((n) => attempt(() => removeNamespace(kube, n.metadata.name))));
}
