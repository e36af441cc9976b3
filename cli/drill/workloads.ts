import { MeshError } from "../../lib/errors";
import { hasSidecar } from "../verify/gather/cluster";
import { attempt, isReady, type Meta, type Pod } from "../verify/gather/resources";
import type { Kube } from "../verify/kube";
import { proxySource } from "../verify/traffic/workloads";
import type { Clock } from "./clock";
import type { FailureName, Pair } from "./kinds";
import { NAMESPACE, OWNED, RUN_LABEL } from "./names";
import { backendsIn, clientsFor, drillObjects, namespaceObject, type Place } from "./objects";
import type { DrillCluster } from "./clusters";

/** Milliseconds that the workloads may take to run. */
const START_MS = 90_000;
/**
 * Milliseconds that their namespace may take to be gone. A controller manager whose API server was stopped ends, and the kubelet waits up to
 * five minutes before it starts one again that has ended often.
 */
const REMOVE_MS = 360_000;
const POLL_MS = 500;
/** A namespace of another run that is younger may belong to a drill that somebody runs elsewhere. */
const STALE_MINUTES = 60;

const NAMESPACE_PATH = `/api/v1/namespaces/${NAMESPACE}`;

interface DrillNamespace {
  metadata: Meta & { creationTimestamp?: string; deletionTimestamp?: string };
}

/** What is needed to create the workloads of a pair. */
export interface Deployment {
  readonly pair: Readonly<Record<keyof Pair, DrillCluster>>;
  readonly failures: readonly FailureName[];
  /** Id of the run. */
  readonly run: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Creates the workloads of a pair in both of its clusters, and waits until they run. @throws MeshError when they do not. */
export async function deploy({ pair, failures, run, clock, signal }: Deployment): Promise<void> {
  const abroad = `${pair.to.region}.${pair.to.zone}`;
  await Promise.all(
    (["from", "to"] as const).map(async (side) => {
      const { target } = pair[side];
      await inCluster(target.key, async () => {
        const source = await proxySource(target.kube);
        const place: Place = { key: target.key, source, side, failures, abroad };
        await target.kube.request("POST", "/api/v1/namespaces", namespaceObject(run, source.revision));
        for (const { path, body } of drillObjects(place)) await target.kube.request("POST", path, body);
      });
      const count = backendsIn(side, failures).length + (side === "from" ? clientsFor(failures).length : 0);
      await waitReady(target.key, target.kube, count, clock, signal);
    }),
  );
}

/** Does something with a cluster. @throws MeshError that names it, when its API server refuses or does not answer. */
async function inCluster<T>(key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new MeshError("drill-not-started", `${key}: ${error instanceof Error ? error.message : String(error)}`, "./mesh verify says what is wrong in the mesh.");
  }
}

async function waitReady(key: string, kube: Kube, count: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const deadline = clock.now() + START_MS;
  for (;;) {
    const pods = await inCluster(key, () => kube.list<Pod>(`${NAMESPACE_PATH}/pods`));
    const ready = pods.filter(isReady);
    const bare = ready.find((pod) => !hasSidecar(pod));
    if (bare) throw new MeshError("drill-not-started", `${key}: the drill's pod ${bare.metadata.name} got no sidecar: injection does not work`, "./mesh verify may say why.");
    if (ready.length >= count) return;
    if (clock.now() > deadline) {
      const waiting = pods.filter((pod) => !isReady(pod)).map((pod) => pod.metadata.name);
      const which = waiting.length > 0 ? waiting.join(", ") : "none was created";
      throw new MeshError("drill-not-started", `${key}: the drill's pods are not ready after ${START_MS / 1000} s (${which})`, `kubectl describe pods -n ${NAMESPACE} says why while a drill runs; ./mesh verify checks the mesh.`);
    }
    await clock.sleep(POLL_MS, signal);
  }
}

/** Removes the drill's namespace from a cluster and waits until it is gone. @throws MeshError when it is not. */
export async function removeWorkloads({ target }: DrillCluster, clock: Clock): Promise<void> {
  const { kube, key, kubectl } = target;
  const deadline = clock.now() + REMOVE_MS;
  const isGone = async (): Promise<boolean> => {
    await kube.remove(NAMESPACE_PATH);
    return (await kube.find(NAMESPACE_PATH)) === undefined;
  };
  for (;;) {
    // An API server that was just repaired may need a moment.
    const gone = await attempt(isGone);
    if (gone.ok && gone.value) return;
    if (clock.now() > deadline) {
      const why = gone.ok ? "" : ` (${gone.error})`;
      throw new MeshError("drill-namespace-taken", `${key}: the namespace ${NAMESPACE} is still there after ${REMOVE_MS / 1000} s${why}`, `See what keeps it: ${kubectl} get all -n ${NAMESPACE}`);
    }
    await clock.sleep(POLL_MS);
  }
}

/**
 * What to do with a namespace of the drill's name that is there before a run: `none` there is none, `remove` a killed run left it.
 *
 * @param mine the run of this user that was killed, if any.
 * @param now milliseconds since 1970.
 * @throws MeshError when it may belong to a drill that runs elsewhere, or is not a drill's.
 */
export function judgeNamespace(namespace: DrillNamespace | undefined, mine: string | undefined, now: number, { key, kubectl }: DrillCluster["target"]): "none" | "remove" {
  if (namespace === undefined) return "none";
  const { labels = {}, creationTimestamp = "", deletionTimestamp } = namespace.metadata;
  const [[name, value] = ["", ""]] = Object.entries(OWNED);
  const remove = `${kubectl} delete namespace ${NAMESPACE}`;
  if (labels[name] !== value) {
    throw new MeshError("drill-namespace-taken", `${key}: the namespace ${NAMESPACE} is there and is not a drill's`, `Remove it if nobody needs it: ${remove}`);
  }
  if (deletionTimestamp !== undefined || labels[RUN_LABEL] === mine) return "remove";
  const minutes = Math.floor((now - Date.parse(creationTimestamp)) / 60_000);
  if (minutes >= STALE_MINUTES) return "remove";
  throw new MeshError("drill-running", `${key}: a drill that began ${minutes} minutes ago may be running elsewhere: its namespace ${NAMESPACE} is there`, `If none is, remove what it left: ${remove}`);
}

/** Removes what a killed run left in a cluster. @returns whether there was something. @throws MeshError as {@link judgeNamespace}. */
export async function removeLeftovers(cluster: DrillCluster, mine: string | undefined, clock: Clock, now = Date.now()): Promise<boolean> {
  const found = await inCluster(cluster.target.key, () => cluster.target.kube.find<DrillNamespace>(NAMESPACE_PATH));
  if (judgeNamespace(found, mine, now, cluster.target) === "none") return false;
  await removeWorkloads(cluster, clock);
  return true;
}
