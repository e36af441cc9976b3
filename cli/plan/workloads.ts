import type { WorkloadChange } from "./report";
import { only, operationsOf, type Part } from "./roles";

/** The demo's workloads and the client, each once. */
export function planWorkloads(parts: readonly Part[]): WorkloadChange[] {
  const changes = new Map<string, WorkloadChange>();
  for (const { role: { runs, workload, cluster }, operation } of operationsOf(only(parts, "workload"))) {
    const place = { workload, ...(cluster === undefined ? {} : { cluster }) };
    const key = `${workload} ${cluster ?? ""}`;
    // What runs decides. Around it only a change of what exists counts: a Service is created and deleted without its pods.
    if (runs) changes.set(key, { ...place, change: operation });
    else if (!changes.has(key) && (operation === "update" || operation === "replace")) changes.set(key, { ...place, change: "update" });
  }
  return [...changes.values()];
}
