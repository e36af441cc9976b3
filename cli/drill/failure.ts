import { MERGE_PATCH } from "../../lib/api-server";
import { ISTIO_NAMESPACE } from "../../topology/names";
import type { Kube } from "../verify/kube";
import { istiodPods } from "../verify/gather/istiod";
import { attempt, isReady, type Pod } from "../verify/gather/resources";
import type { Clock } from "./clock";
import type { DrillCluster } from "./clusters";
import { KINDS, type FailureName, type Pair } from "./kinds";
import { ADMIN_PORT, BACKEND, ERRORS_KEY, NAMESPACE } from "./names";
import type { Nodes } from "./nodes";

/** Milliseconds that istiod may take to be ready again. */
const ISTIOD_MS = 120_000;
const POLL_MS = 500;

const SYSTEM_PODS = `/api/v1/namespaces/${ISTIO_NAMESPACE}/pods`;

/** A failure that can be made. */
export interface Failure {
  readonly name: FailureName;
  /** Makes it. @throws NotPossibleError where it cannot be made; then nothing has to be repaired. */
  make(): Promise<void>;
  /** Repairs it, also where it was made in part, or not at all. */
  repair(): Promise<void>;
}

/** The failure cannot be made here. The message says why. */
export class NotPossibleError extends Error {}

/** The clusters of a pair, and their nodes. */
export interface Site {
  readonly pair: Readonly<Record<keyof Pair, DrillCluster>>;
  readonly nodes: Nodes;
  readonly clock: Clock;
}

/** Why a failure is not made in these clusters; undefined when it can be. */
export function obstacle(name: FailureName, pair: Site["pair"]): string | undefined {
  if (!KINDS[name].kindOnly) return undefined;
  const other = [pair.to, ...(name === "istiod-restart" ? [pair.from] : [])].find(({ kind }) => kind === undefined);
  return other && `${other.target.key} is not a kind cluster, and the drill fails whole clusters only where nothing else depends on them`;
}

/** How each kind of failure is made. */
export function failureOf(name: FailureName, { pair, nodes, clock }: Site): Failure {
  const from = pair.from.target.kube;
  const scale = (replicas: number): Promise<unknown> =>
    from.request("PATCH", `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${BACKEND}/scale`, { spec: { replicas } }, MERGE_PATCH);
  switch (name) {
    case "errors":
      return { name, make: async () => answerErrors(from, await runningBackends(from), 100), repair: async () => answerErrors(from, await backends(from), 0) };
    case "no-replica":
      return { name, make: async () => void (await scale(0)), repair: async () => void (await scale(1)) };
    case "frozen-pod":
      return { name, make: async () => signalBackends(from, await runningBackends(from), "STOP"), repair: async () => signalBackends(from, await backends(from), "CONT") };
    case "paused-node":
      return undoable(name, async () => nodes.pause(await nodesOf(pair.to, nodes)));
    case "frozen-api-server":
      return undoable(name, async () => nodes.freezeApiServer(await nodesOf(pair.to, nodes)));
    case "istiod-restart":
      return restarting(undoable(name, async () => nodes.freezeApiServer(await nodesOf(pair.to, nodes))), from, clock);
  }
}

/** A failure that, once made, knows how it is undone. */
function undoable(name: FailureName, make: () => Promise<() => Promise<void>>): Failure {
  let undo: (() => Promise<void>) | undefined;
  return {
    name,
    async make() {
      undo = await make();
    },
    async repair() {
      await undo?.();
      undo = undefined;
    },
  };
}

/** The same failure, with a restart of istiod. It is repaired once istiod is ready: without it, no pod of the mesh can be created. */
function restarting(failure: Failure, kube: Kube, clock: Clock): Failure {
  return {
    name: failure.name,
    async make() {
      await failure.make();
      await restartIstiod(kube);
    },
    async repair() {
      await failure.repair();
      for (const deadline = clock.now() + ISTIOD_MS; !(await istiodRuns(kube)) && clock.now() < deadline; ) await clock.sleep(POLL_MS);
    },
  };
}

/** @throws NotPossibleError where the cluster's nodes are not on an engine that can be asked. */
async function nodesOf({ target, kind = "" }: DrillCluster, nodes: Nodes): Promise<string[]> {
  const found = await attempt(() => nodes.of(kind));
  if (!found.ok) throw new NotPossibleError(`the nodes of ${target.key} are out of reach: ${found.error}`);
  if (found.value.length === 0) throw new NotPossibleError(`the Docker engine has no node of ${target.key}`);
  return found.value;
}

/** The drill's backends that are ready in a cluster. */
async function backends(kube: Kube): Promise<string[]> {
  const pods = await kube.list<Pod>(`/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=${encodeURIComponent(`app=${BACKEND}`)}`);
  return pods.filter(isReady).map((pod) => pod.metadata.name);
}

/** The same, where there has to be one. @throws Error where there is none: nothing would fail. */
async function runningBackends(kube: Kube): Promise<string[]> {
  const pods = await backends(kube);
  if (pods.length === 0) throw new Error("the drill's backend does not run");
  return pods;
}

async function answerErrors(kube: Kube, pods: readonly string[], percent: number): Promise<void> {
  for (const pod of pods) {
    await kube.forward(NAMESPACE, pod, ADMIN_PORT, async (port) => {
      const { ok, status } = await fetch(`http://127.0.0.1:${port}/runtime_modify?${ERRORS_KEY}=${percent}`, { method: "POST", signal: AbortSignal.timeout(5000) });
      if (!ok) throw new Error(`the drill's backend answered ${status} when it was told to fail`);
    });
  }
}

/** Every process of the user that the shell runs as, except the shell: the backend's Envoy, and neither the sidecar nor the pod's first process. */
const ALL = "-1";

async function signalBackends(kube: Kube, pods: readonly string[], signal: "STOP" | "CONT"): Promise<void> {
  for (const pod of pods) {
    const { code, stderr } = await kube.exec(NAMESPACE, pod, BACKEND, ["sh", "-c", `kill -${signal} ${ALL}`]);
    if (code !== 0) throw new NotPossibleError(`the process cannot be stopped from inside its container: ${stderr.trim() || "the proxy's image has no shell"}`);
  }
}

/** Whether istiod is ready in all its pods. */
async function istiodRuns(kube: Kube): Promise<boolean> {
  const pods = await attempt(async () => istiodPods(await kube.list<Pod>(SYSTEM_PODS)));
  return pods.ok && pods.value.length > 0 && pods.value.every(isReady);
}

/** Ends the pods of istiod, as a node that fails would; the Deployment replaces them. */
async function restartIstiod(kube: Kube): Promise<void> {
  const pods = istiodPods(await kube.list<Pod>(SYSTEM_PODS));
  for (const { metadata } of pods) await kube.remove(`${SYSTEM_PODS}/${metadata.name}`);
}
