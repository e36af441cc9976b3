import { setTimeout as sleep } from "node:timers/promises";
import { attempt, isReady, type Pod } from "../../cli/verify/gather/resources";
import { hasSidecar } from "../../cli/verify/gather/cluster";
import type { Target } from "../../cli/verify/targets";
import { proxySource } from "../../cli/verify/traffic/workloads";
import type { Cluster } from "../lib/names";
import { type Load, loadArguments, type Measured, measuredBy } from "./fortio";
import { CLIENT, CONTAINER, loadObjects, NAMESPACES, podsIn, type Side, sidesIn, urlOf, type Way } from "./load-objects";

/** Milliseconds that pods may take to be ready, a way to answer for the first time, and a namespace to be gone. */
const WAIT_MS = 90_000;
const POLL_MS = 250;

/** What a deployment is made of; tests replace it. */
const PARTS = { proxySource };
export type DeployParts = typeof PARTS;

/** Creates the workloads in a cluster and waits until they are ready. @throws Error when they are not, or are not in the mesh as they should be. */
export async function deploy(cluster: Cluster, { kube }: Target, image: string, signal: AbortSignal, parts: DeployParts = PARTS): Promise<void> {
  const { revision } = await parts.proxySource(kube);
  for (const { path, body } of loadObjects(cluster, revision, image)) await kube.request("POST", path, body);
  await waitUntil(signal, async () => {
    const pods = await Promise.all(podsIn(cluster).map(async ({ side, name }) => ({ side, name, pod: await kube.get<Pod>(`/api/v1/namespaces/${NAMESPACES[side]}/pods/${name}`) })));
    const waiting = pods.filter(({ pod }) => !isReady(pod)).map(({ side, name }) => `${NAMESPACES[side]}/${name}`);
    if (waiting.length > 0) return `${cluster}: ${waiting.join(", ")} not ready`;
    const wrong = pods.find(({ side, pod }) => hasSidecar(pod) !== (side === "mesh"));
    if (wrong) throw new Error(`${cluster}: the pod ${wrong.name} in ${NAMESPACES[wrong.side]} ${wrong.side === "mesh" ? "got no sidecar" : "got a sidecar"}`);
    return undefined;
  });
}

/** Removes the workloads from a cluster and waits until they are gone: what comes next is measured on the same machine. */
export async function remove(cluster: Cluster, { kube }: Target): Promise<void> {
  const paths = sidesIn(cluster).map((side) => `/api/v1/namespaces/${NAMESPACES[side]}`);
  await Promise.all(paths.map((path) => kube.remove(path)));
  await waitUntil(undefined, async () => {
    const left = await Promise.all(paths.map((path) => kube.find(path)));
    return left.some((one) => one !== undefined) ? `${cluster}: the namespaces of the load are still there` : undefined;
  });
}

/** Puts a load on a way, from its client. @throws Error when a request failed. */
export async function measureWay(way: Way, load: Omit<Load, "url">, { kube }: Target): Promise<Measured> {
  const whole: Load = { ...load, url: urlOf(way) };
  const ended = await kube.exec(NAMESPACES[way.side], CLIENT, CONTAINER, ["fortio", ...loadArguments(whole)]);
  return measuredBy(`${way.name}, ${sideOf(way.side)}`, whole, ended);
}

/** What a side is called in figures. */
export function sideOf(side: Side): string {
  return side === "mesh" ? "usmesh" : "without mesh";
}

/** Waits until a way answers: proxies learn of new Services a moment after the pods are ready. */
export async function awaitWay(way: Way, target: Target, signal: AbortSignal): Promise<void> {
  await waitUntil(signal, async () => {
    const tried = await attempt(() => measureWay(way, { connections: 1, seconds: 1, rate: 10 }, target));
    return tried.ok ? undefined : tried.error;
  });
}

/** @param look says what is missing; undefined when nothing is. @throws Error with what was missing last. */
async function waitUntil(signal: AbortSignal | undefined, look: () => Promise<string | undefined>): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    signal?.throwIfAborted();
    const missing = await look();
    if (missing === undefined) return;
    if (Date.now() > deadline) throw new Error(`${missing} after ${WAIT_MS / 1000} s`);
    await sleep(POLL_MS, undefined, { ...(signal && { signal }) });
  }
}
