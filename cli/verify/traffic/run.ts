import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { NotStarted, Result, TrafficFacts } from "../facts";
import type { TrafficAnswers } from "../gather/traffic";
import { attempt } from "../gather/resources";
import type { Target } from "../targets";
import { CLIENT_PORT, pathTo } from "./envoy";
import { PROBER, runNamespace } from "./objects";
import { askInPlaintext } from "./plaintext";
import { type Answer, createWorkloads, once, POLL_MS, removeRun, startOrReason, waitReady } from "./probers";

/** Requests whose median latency is reported. */
const REQUESTS = 5;

export interface TrafficOptions {
  /** Milliseconds that requests may take to succeed once the pods run. */
  readonly timeoutMs: number;
  /** Ends the waiting; what was created is removed all the same. */
  readonly signal: AbortSignal;
  /** Called once the pods are created, or could not be. */
  readonly created?: () => void;
}

/** Sends requests from a pod of every cluster to a service in every other, in a namespace of the run's own. */
export async function runTraffic(targets: readonly Target[], { timeoutMs, signal, created }: TrafficOptions): Promise<TrafficAnswers> {
  const namespace = runNamespace(randomBytes(3).toString("hex"));
  try {
    const creating = targets.map((target) => createWorkloads(target, targets, namespace));
    void Promise.allSettled(creating).then(created);
    const start = async (index: number, target: Target): Promise<void> => {
      await creating[index];
      await waitReady(target, namespace, signal);
    };
    const started = await Promise.all(targets.map(async (target, index) => [target.key, await startOrReason(() => start(index, target))] as const));
    const deadline = Date.now() + timeoutMs;
    const failures = new Map(started.flatMap(([key, failure]) => (failure === undefined ? [] : [[key, failure] as const])));
    const running = targets.filter(({ key }) => !failures.has(key));
    const [answers, plaintext] = await Promise.all([
      Promise.all(targets.map((from) => askAll(from, targets, namespace, failures, deadline, signal))),
      Promise.all(running.map(async ({ key, kube }) => [key, await askInPlaintext(kube, namespace)] as const)),
    ]);
    return { pairs: new Map(answers.flat()), plaintext: new Map(plaintext) };
  } finally {
    await removeRun(targets, namespace);
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
  let last = await attempt(() => once(port, pathTo(peer), signal));
  while (!(last.ok && last.value.status === 200) && Date.now() < deadline) {
    await sleep(POLL_MS, undefined, { signal });
    last = await attempt(() => once(port, pathTo(peer), signal));
  }
  if (!last.ok) throw new Error(last.error);
  const latencies = [last.value.latencyMs];
  while (last.value.status === 200 && latencies.length < REQUESTS) latencies.push((await once(port, pathTo(peer), signal)).latencyMs);
  latencies.sort((a, b) => a - b);
  return { ...last.value, latencyMs: latencies[Math.floor(latencies.length / 2)] ?? 0 };
}
