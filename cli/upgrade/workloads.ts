import { setTimeout as sleep } from "node:timers/promises";
import { MERGE_PATCH } from "../../lib/api-server";
import { MeshError } from "../../lib/errors";
import { matches, type Selector } from "../verify/gather/revisions";
import type { Meta } from "../verify/gather/resources";
import type { Kube } from "../verify/kube";

/** The kinds of workloads that restart their pods one after another, each by its own strategy. */
const KINDS = ["deployments", "statefulsets", "daemonsets"] as const;

/** Annotation of a workload's pods by which `kubectl rollout restart` restarts them. */
const RESTARTED = "kubectl.kubernetes.io/restartedAt";

/** Milliseconds within which a workload must end its rollout, and between two polls. */
const ROLLOUT_MS = 600_000;
const POLL_MS = 1_000;

/** A workload, as far as its rollout is watched. */
export interface Workload {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly generation?: number };
  readonly spec: {
    readonly replicas?: number;
    readonly selector: Selector;
    /** Of a Deployment. */
    readonly paused?: boolean;
    /** Of a StatefulSet and a DaemonSet. */
    readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly readyReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
  };
}

/** A workload with some of the pods that are asked for. */
interface Found {
  readonly path: string;
  /** Such as `deployment web`. */
  readonly label: string;
  readonly spec: Workload["spec"];
  /** Names of these pods. */
  readonly pods: readonly string[];
}

type OwnPod = { readonly metadata: Pick<Meta, "name" | "namespace" | "labels"> };

/**
 * Restarts the workloads of a namespace that have these pods, one after another, each by its own strategy: how many of its pods may be
 * unavailable is its own setting.
 *
 * @param names names of pods
 * @returns the workloads, such as `deployment web`
 * @throws MeshError for pods that no workload restarts, before anything is restarted, and for a rollout that does not end
 */
export async function restartWorkloads(kube: Kube, namespace: string, names: readonly string[], signal: AbortSignal, timeoutMs: number = ROLLOUT_MS): Promise<string[]> {
  const pods = await kube.list<OwnPod>(`/api/v1/namespaces/${namespace}/pods`);
  const wanted = pods.filter(({ metadata }) => names.includes(metadata.name));
  const workloads = await workloadsOf(kube, wanted, `/namespaces/${namespace}`);
  const held = workloads.flatMap(heldBack);
  if (held.length > 0) throw new MeshError("upgrade-workload-held", `namespace ${namespace}: ${held.join("; ")}; nothing in the namespace was restarted`, HELD_REMEDY);
  // With this strategy, pods are replaced only when somebody deletes them.
  const onDelete = workloads.filter(({ spec }) => spec.updateStrategy?.type === "OnDelete");
  if (onDelete.length > 0) {
    const which = onDelete.map(({ label, pods: own }) => `${own.join(", ")} of ${label}`).join("; ");
    throw new MeshError("upgrade-pods-alone", `namespace ${namespace}: ${which}: with the strategy OnDelete, these pods keep the old proxy until somebody deletes them; nothing in the namespace was restarted`, "Delete them yourself, one after another, then run the same command again.");
  }
  const covered = workloads.flatMap(({ pods: own }) => own);
  const alone = wanted.filter(({ metadata }) => !covered.includes(metadata.name)).map(({ metadata }) => metadata.name);
  if (alone.length > 0) {
    throw new MeshError("upgrade-pods-alone", `namespace ${namespace}: ${alone.join(", ")}: no Deployment, StatefulSet or DaemonSet restarts ${alone.length === 1 ? "this pod" : "these pods"}`, "Delete or restart them yourself, then run the same command again.");
  }
  for (const { path, label } of workloads) await restart(kube, path, label, namespace, signal, timeoutMs);
  return workloads.map(({ label }) => label);
}

/** What to do about workloads that are held back. */
export const HELD_REMEDY = "Resume what is paused, and set partition to 0, then run the same command again.";

/** The workloads with some of these pods that would not restart all of them: a line for each, with the reason. */
export async function heldWorkloads(kube: Kube, pods: readonly OwnPod[]): Promise<string[]> {
  return (await workloadsOf(kube, pods)).flatMap((found) => heldBack(found).map((line) => `${found.path.split("/").at(-3)}: ${line}`));
}

/** A rollout that waits for somebody ends only when somebody changes the workload. */
function heldBack({ label, spec: { paused, updateStrategy } }: Found): string[] {
  const { partition = 0 } = updateStrategy?.rollingUpdate ?? {};
  if (paused) return [`${label} is paused`];
  return partition > 0 ? [`${label} restarts only its pods from number ${partition} on (partition)`] : [];
}

/** The workloads that have these pods. @param under the part of a path that names a namespace; default: in all namespaces */
async function workloadsOf(kube: Kube, pods: readonly OwnPod[], under = ""): Promise<Found[]> {
  const found: Found[] = [];
  for (const kind of KINDS) {
    for (const { metadata: { name, namespace }, spec } of await kube.list<Workload>(`/apis/apps/v1${under}/${kind}`)) {
      const own = pods.filter(({ metadata }) => (under !== "" || metadata.namespace === namespace) && matches(spec.selector, metadata.labels ?? {})).map(({ metadata }) => metadata.name);
      const path = `/apis/apps/v1${under || `/namespaces/${namespace}`}/${kind}/${name}`;
      if (own.length > 0) found.push({ path, label: `${kind.slice(0, -1)} ${name}`, spec, pods: own });
    }
  }
  return found;
}

async function restart(kube: Kube, path: string, label: string, namespace: string, signal: AbortSignal, timeoutMs: number): Promise<void> {
  const annotations = { [RESTARTED]: new Date().toISOString() };
  await kube.request("PATCH", path, { spec: { template: { metadata: { annotations } } } }, MERGE_PATCH);
  const deadline = Date.now() + timeoutMs;
  while (!isRolledOut(await kube.get<Workload>(path))) {
    signal.throwIfAborted();
    if (Date.now() > deadline) {
      throw new MeshError("upgrade-rollout-stuck", `namespace ${namespace}: the rollout of ${label} has not ended within ${Math.round(timeoutMs / 1000)} s`, "Its pods say why. Repair it and run the same command again, or go back with --rollback.");
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** Whether a rollout has ended: every pod is of the newest template, and available. */
export function isRolledOut({ metadata, spec, status = {} }: Workload): boolean {
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) return false;
  if (status.desiredNumberScheduled !== undefined) {
    const { desiredNumberScheduled: wanted, updatedNumberScheduled: updated = 0, numberAvailable: available = 0 } = status;
    return updated >= wanted && available >= wanted;
  }
  const { replicas: wanted = 1 } = spec;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = status.readyReplicas ?? 0 } = status;
  return updatedReplicas >= wanted && availableReplicas >= wanted && replicas <= wanted;
}
