/** What stops a plan unless it is allowed, by the name that allows it. */
export const DANGERS = ["replaced-clusters", "changed-root"] as const;

export type DangerName = (typeof DANGERS)[number];
