/** Volumes and quotas. */
import { type KubeObject, at, stringAt } from "../objects";
import { isNotFound } from "../cluster/errors";
import type { Look, Rule } from "./rule";
import { READY, type Verdict, waiting } from "./verdict";

/** A PersistentVolume is ready when it can be, or is, bound. */
export function judgeVolume(volume: KubeObject): Verdict {
  const phase = stringAt(volume, "status", "phase");
  return phase === "Available" || phase === "Bound" ? READY : waiting(`Waiting for the PersistentVolume (${phase ?? "new"})`);
}

/** A claim is ready when it is bound; where its class binds for the first pod, when it waits for that. */
export function judgeClaim(claim: KubeObject, bindingMode: string | undefined): Verdict {
  const phase = stringAt(claim, "status", "phase");
  if (phase === "Bound") return READY;
  if (bindingMode === "WaitForFirstConsumer" && phase === "Pending") return READY;
  return waiting(`Waiting for the PersistentVolumeClaim to be bound (${phase ?? "new"})`, [`the claim is ${phase ?? "new"}`]);
}

/** A quota is ready when its controller has taken over the limits. */
export function judgeQuota(quota: KubeObject): Verdict {
  const same = sameEntries(at(quota, "spec", "hard"), at(quota, "status", "hard"));
  return same ? READY : waiting("Waiting for the ResourceQuota's controller");
}

function sameEntries(a: unknown, b: unknown): boolean {
  const entries = (value: unknown) => JSON.stringify(Object.entries(value ?? {}).sort());
  return entries(a) === entries(b);
}

async function bindingModeOf(claim: KubeObject, look: Look): Promise<string | undefined> {
  const name = stringAt(claim, "spec", "storageClassName");
  if (!name) return undefined;
  try {
    const ref = { gvk: { group: "storage.k8s.io", version: "v1", kind: "StorageClass" }, namespace: "", name };
    return stringAt(await look.api.get(ref, look.signal), "volumeBindingMode");
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** PersistentVolumes. */
export const volumeRule: Rule = { judge: judgeVolume, onRead: false, seconds: 300 };

/** PersistentVolumeClaims. */
export const claimRule: Rule = {
  judge: async (claim, look) => judgeClaim(claim, await bindingModeOf(claim, look)),
  onRead: false,
  seconds: 300,
};

/** ResourceQuotas. */
export const quotaRule: Rule = { judge: judgeQuota, onRead: false, seconds: 60 };
