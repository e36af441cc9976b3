import { setTimeout as sleep } from "node:timers/promises";
import { MERGE_PATCH } from "../../lib/api-server";
import { MeshError } from "../../lib/errors";
import { matches, type Selector } from "../verify/gather/revisions";
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
  readonly metadata: { readonly name: string; readonly generation?: number };
  readonly spec: {
    readonly replicas?: number;
    readonly selector: Selector;
    readonly updateStrategy?: { readonly type?: string };
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

interface Found {
  readonly path: string;
  /** Such as `deployment web`. */
  readonly label: string;
}

/**
 * Restarts the workloads of a namespace that have these pods, one after another, each by its own strategy: how many of its pods may be
 * unavailable is its own setting.
 *
 * @param names names of pods
 * @returns the workloads, such as `deployment web`
 * @throws MeshError for pods that no workload restarts, before anything is restarted, and for a rollout that does not end
 */
export async function restartWorkloads(kube: Kube, namespace: string, names: readonly string[], signal: AbortSignal, timeoutMs: number = ROLLOUT_MS): Promise<string[]> {
  const pods = await kube.list<{ metadata: { name: string; labels?: Record<string, string> } }>(`/api/v1/namespaces/${namespace}/pods`);
  const wanted = pods.filter(({ metadata }) => names.includes(metadata.name));
  const workloads: Found[] = [];
  const covered = new Set<string>();
  for (const kind of KINDS) {
    for (const workload of await kube.list<Workload>(`/apis/apps/v1/namespaces/${namespace}/${kind}`)) {
      const own = wanted.filter(({ metadata }) => matches(workload.spec.selector, metadata.labels ?? {}));
      // With this strategy, pods are replaced only when somebody deletes them.
      if (own.length === 0 || workload.spec.updateStrategy?.type === "OnDelete") continue;
      own.forEach(({ metadata }) => covered.add(metadata.name));
      workloads.push({ path: `/apis/apps/v1/namespaces/${namespace}/${kind}/${workload.metadata.name}`, label: `${kind.slice(0, -1)} ${workload.metadata.name}` });
    }
  }
  const alone = wanted.filter(({ metadata }) => !covered.has(metadata.name)).map(({ metadata }) => metadata.name);
  if (alone.length > 0) {
    throw new MeshError("upgrade-pods-alone", `namespace ${namespace}: ${alone.join(", ")}: no Deployment, StatefulSet or DaemonSet restarts ${alone.length === 1 ? "this pod" : "these pods"}`, "Delete or restart them yourself, then run the same command again.");
  }
  for (const { path, label } of workloads) await restart(kube, path, label, namespace, signal, timeoutMs);
  return workloads.map(({ label }) => label);
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
