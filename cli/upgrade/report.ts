import { z } from "zod";

/** Raised whenever a field changes its meaning or is removed; a new optional field does not raise it. */
export const UPGRADE_VERSION = 1;

const phase = z.strictObject({
  /** `up`: what its line of the plan says; `restart`: the namespace and its workloads. */
  what: z.string(),
  /** Seconds that it took, the check afterwards included. */
  seconds: z.number(),
});

/** What `./mesh upgrade --json` prints: one object. */
export const upgradeReport = z.strictObject({
  version: z.literal(UPGRADE_VERSION),
  clusters: z.array(
    z.strictObject({
      stack: z.string(),
      cluster: z.string(),
      /** Version of Istio before the run. */
      from: z.string(),
      /** Version of Istio after it. */
      to: z.string(),
      /** The revision that is installed now. */
      revision: z.string(),
      outcome: z.enum(["upgraded", "rolled-back", "unchanged"]),
      phases: z.array(phase),
    }),
  ),
  /** Seconds that the whole run took. */
  seconds: z.number(),
});

export type UpgradeReport = z.infer<typeof upgradeReport>;
export type ClusterReport = UpgradeReport["clusters"][number];

/** The report as text for a terminal. */
export function upgradeText({ clusters, seconds }: UpgradeReport): string {
  const lines = clusters.flatMap(({ cluster, stack, from, to, revision, outcome, phases }) => [
    outcome === "unchanged" ? `${cluster} (${stack}): Istio ${to}, nothing to do` : `${cluster} (${stack}): ${outcome === "upgraded" ? `Istio ${from} → ${to}` : `back at Istio ${to}`}, revision ${revision}`,
    ...phases.map((one) => `  ${one.seconds.toFixed(0).padStart(5)} s  ${one.what}`),
  ]);
  return [...lines, `${seconds.toFixed(0)} s in all`].join("\n");
}
