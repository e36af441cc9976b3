import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeError } from "../../../lib/api-server";
import type { NotStarted, Result, TrafficFacts } from "../facts";
import { hasSidecar } from "../gather/cluster";
import { attempt, isReady, type Namespace, type Pod } from "../gather/resources";
import type { Kube } from "../kube";
import type { Target } from "../targets";
import { CLIENT_PORT } from "./envoy";
import { namespaceOf, PROBER, proberObjects, runNamespace } from "./objects";
import { proxySource } from "./workloads";

/** How long the test pods may take to start. */
const START_MS = 40_000;
/** Requests whose median latency is reported. */
const REQUESTS = 5;
/** What an interrupted run left behind is removed when it is older than this. */
const STALE_MINUTES = 15;

/**
 * Sends requests from a pod of every cluster to a service in every other, in a namespace of the run's own.
 * @param timeoutMs how long requests may take to succeed once the pods run.
 * @param signal ends the waiting; what was created is removed all the same.
 * @returns an answer for every ordered pair, keyed `from->to`.
 */
export async function runTraffic(targets: readonly Target[], timeoutMs: number, signal: AbortSignal): Promise<Map<string, Result<Answer>>> {
  const namespace = runNamespace(randomBytes(3).toString("hex"));
  const cleanUp = (): Promise<unknown> => Promise.all(targets.map((target) => attempt(() => removeNamespace(target.kube, namespace))));
  try {
    const started = await Promise.all(targets.map(async (target) => [target.key, await startOrReason(() => deploy(target, targets, namespace, signal))] as const));
    const deadline = Date.now() + timeoutMs;
    const failures = new Map(started.flatMap(([key, failure]) => (failure === undefined ? [] : [[key, failure] as const])));
    const answers = targets.map((from) => askAll(from, targets, namespace, failures, deadline, signal));
    return new Map((await Promise.all(answers)).flat());
  } finally {
    await cleanUp();
  }
}

/** The answer of a pair: what came back, or why nothing was sent. */
type Answer = TrafficFacts | NotStarted;

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

async function deploy(target: Target, all: readonly Target[], namespace: string, signal: AbortSignal): Promise<void> {
  const { kube, key } = target;
  const { image, revision } = await proxySource(kube);
  await removeStale(kube);
  await kube.request("POST", "/api/v1/namespaces", namespaceOf(namespace, revision));
  const keys = all.map((t) => t.key);
  for (const { path, body } of proberObjects(key, keys, namespace, image)) await kube.request("POST", path, body);
  await waitReady(kube, namespace, Date.now() + START_MS, signal);
}

async function waitReady(kube: Kube, namespace: string, deadline: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const pod = await kube.get<Pod>(`/api/v1/namespaces/${namespace}/pods/${PROBER}`);
    if (isReady(pod)) {
      if (hasSidecar(pod)) return;
      throw new NotStartedError("the test pod got no sidecar: injection does not work");
    }
    if (Date.now() > deadline) throw new NotStartedError(`the test pod did not become ready within ${START_MS / 1000} s`);
    await sleep(250, undefined, { signal });
  }
}

type Keyed = [string, Result<Answer>];

async function askAll(
  from: Target,
  all: readonly Target[],
  namespace: string,
  failures: ReadonlyMap<string, Result<NotStarted>>,
  deadline: number,
  signal: AbortSignal,
): Promise<Keyed[]> {
  const peers = all.filter((to) => to !== from);
  const failed = (to: Target): Result<NotStarted> | undefined => {
    const [at] = [from, to].filter((t) => failures.has(t.key));
    const failure = at && failures.get(at.key);
    if (at === undefined || failure === undefined) return undefined;
    return failure.ok ? { ok: true, value: { notStarted: `${at.key}: ${failure.value.notStarted}` } } : { ok: false, error: `${at.key}: ${failure.error}` };
  };
  const unasked = peers.flatMap((to): Keyed[] => {
    const failure = failed(to);
    return failure === undefined ? [] : [[`${from.key}->${to.key}`, failure]];
  });
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
