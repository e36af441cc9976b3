/** What stops a plan unless it is allowed, by the name that allows it. */
export const DANGERS = ["replaced-clusters", "changed-root", "unwired-pairs", "istio-in-place", "removed-istiod", "unknown"] as const;

/** One of {@link DANGERS}. */
export type DangerName = (typeof DANGERS)[number];
