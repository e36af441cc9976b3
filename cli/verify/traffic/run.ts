import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Got, TrafficFacts } from "../facts";
import { hasSidecar } from "../gather/cluster";
import { istiodPods } from "../gather/istiod";
import { attempt, isReady, type Namespace, type Pod } from "../gather/resources";
import type { Kube } from "../kube";
import type { Target } from "../targets";
import { CLIENT_PORT } from "./envoy";
import { namespaceOf, PROBER, proberObjects, runNamespace } from "./objects";

/** How long the test pods may take to start. */
const START_MS = 40_000;
/** Requests whose median latency is reported. */
const REQUESTS = 5;
/** What an interrupted run left behind is removed once it is older than this. */
const STALE_MINUTES = 15;

/**
 * Sends requests from a pod of every cluster to a service in every other, in a namespace of the run's own.
 * @param timeoutMs how long requests may take to succeed once the pods stand.
 * @param signal ends the waiting; what was created is removed all the same.
 * @returns an answer for every ordered pair, keyed `from->to`.
 */
export async function runTraffic(targets: readonly Target[], timeoutMs: number, signal: AbortSignal): Promise<Map<string, Got<TrafficFacts>>> {
  const namespace = runNamespace(randomBytes(3).toString("hex"));
  const cleanUp = (): Promise<unknown> => Promise.all(targets.map((target) => attempt(() => removeNamespace(target.kube, namespace))));
  try {
    const ready = await Promise.all(targets.map((target) => attempt(() => deploy(target, targets, namespace, signal))));
    const deadline = Date.now() + timeoutMs;
    const failures = new Map(ready.flatMap((r, i) => (r.ok ? [] : [[targets[i]?.key ?? "", r.error] as const])));
    const answers = targets.map((from) => askAll(from, targets, namespace, failures, deadline, signal));
    return new Map((await Promise.all(answers)).flat());
  } finally {
    await cleanUp();
  }
}

async function deploy(target: Target, all: readonly Target[], namespace: string, signal: AbortSignal): Promise<void> {
  const { kube, key } = target;
  const pods = await kube.list<Pod>("/api/v1/pods");
  const image = proxyImage(pods);
  if (image === undefined) throw new Error("no pod of the cluster has Istio's proxy, so its image is not known");
  const revision = istiodPods(pods)[0]?.metadata.labels?.["istio.io/rev"] ?? "default";
  await removeStale(kube);
  await kube.request("POST", "/api/v1/namespaces", namespaceOf(namespace, revision));
  const keys = all.map((t) => t.key);
  for (const { path, body } of proberObjects(key, keys, namespace, image)) await kube.request("POST", path, body);
  await waitReady(kube, namespace, Date.now() + START_MS, signal);
}

/** The image of a proxy that runs in the cluster. */
export function proxyImage(pods: readonly Pod[]): string | undefined {
  const containers = pods.filter((pod) => isReady(pod) && hasSidecar(pod)).flatMap((pod) => [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]);
  return containers.find((container) => container.name === "istio-proxy")?.image;
}

async function waitReady(kube: Kube, namespace: string, deadline: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const pod = await kube.get<Pod>(`/api/v1/namespaces/${namespace}/pods/${PROBER}`);
    if (isReady(pod)) {
      if (hasSidecar(pod)) return;
      throw new Error("the test pod was given no sidecar: injection does not work");
    }
    if (Date.now() > deadline) throw new Error(`the test pod did not become ready within ${START_MS / 1000} s`);
    await sleep(250, undefined, { signal });
  }
}

type Keyed = [string, Got<TrafficFacts>];

async function askAll(
  from: Target,
  all: readonly Target[],
  namespace: string,
  failures: ReadonlyMap<string, string>,
  deadline: number,
  signal: AbortSignal,
): Promise<Keyed[]> {
  const peers = all.filter((to) => to !== from);
  const failed = (to: Target): string | undefined => {
    const where = [from, to].find((t) => failures.has(t.key));
    return where && `${where.key}: ${failures.get(where.key)}`;
  };
  const dead = peers.filter((to) => failed(to) !== undefined);
  const unasked = dead.map((to): Keyed => [`${from.key}->${to.key}`, { ok: false, error: failed(to) ?? "" }]);
  const alive = peers.filter((to) => failed(to) === undefined);
  if (alive.length === 0) return unasked;
  const asked = await from.kube.forward(namespace, PROBER, CLIENT_PORT, (port) =>
    Promise.all(alive.map(async (to): Promise<Keyed> => [`${from.key}->${to.key}`, await attempt(() => ask(port, to.key, deadline, signal))])),
  );
  return [...unasked, ...asked];
}

/** Asks until an answer is 200, since configuration takes a moment to arrive, then measures. The last answer counts. */
async function ask(port: number, peer: string, deadline: number, signal: AbortSignal): Promise<TrafficFacts> {
  let last = await attempt(() => once(port, peer, signal));
  while (!(last.ok && last.value.status === 200) && Date.now() < deadline) {
    await sleep(300, undefined, { signal });
    last = await attempt(() => once(port, peer, signal));
  }
  if (!last.ok) throw new Error(last.error);
  const latencies = [last.value.latencyMs];
  while (last.value.status === 200 && latencies.length < REQUESTS) latencies.push((await once(port, peer, signal)).latencyMs);
  latencies.sort((a, b) => a - b);
  return { ...last.value, latencyMs: latencies[Math.floor(latencies.length / 2)] ?? 0 };
}

async function once(port: number, peer: string, signal: AbortSignal): Promise<TrafficFacts> {
  const response = await fetch(`http://127.0.0.1:${port}/${peer}/`, { signal: AbortSignal.any([signal, AbortSignal.timeout(6000)]) });
  await response.text();
  return {
    status: response.status,
    servedBy: response.headers.get("x-served-by") ?? undefined,
    clientIdentity: /(?:^|;)URI=([^;,]+)/.exec(response.headers.get("x-client") ?? "")?.[1],
    latencyMs: Number(response.headers.get("x-envoy-upstream-service-time") ?? 0),
  };
}

async function removeNamespace(kube: Kube, name: string): Promise<void> {
  await kube.request("DELETE", `/api/v1/namespaces/${name}`);
}

async function removeStale(kube: Kube): Promise<void> {
  const selector = encodeURIComponent("app.kubernetes.io/managed-by=usmesh-verify");
  const left = await kube.list<Namespace & { metadata: { creationTimestamp?: string } }>(`/api/v1/namespaces?labelSelector=${selector}`);
  const old = left.filter((n) => Date.now() - Date.parse(n.metadata.creationTimestamp ?? "") > STALE_MINUTES * 60_000);
  await Promise.all(old.map((n) => attempt(() => removeNamespace(kube, n.metadata.name))));
}
