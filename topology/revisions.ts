/**
 * Revisions of istiod: the names under which two control planes can be in a cluster, and what of the cluster each of them serves while
 * one takes over from the other.
 */

/** The revision of an istiod that was installed without one. */
export const DEFAULT_REVISION = "default";

/**
 * The revisions that there can be. They are fixed, and not named after versions: istiod reads the configuration of a peer's mesh from the
 * ConfigMap of its own revision, and a peer permits only names that it knows before.
 */
export const REVISIONS = [DEFAULT_REVISION, "blue", "green"] as const;
/** Name of an istiod in a cluster: one of `REVISIONS`. */
export type Revision = (typeof REVISIONS)[number];

/** The revisions that an upgrade can install. */
export const NEW_REVISIONS = ["blue", "green"] as const satisfies readonly Revision[];

/**
 * How far an upgrade is. Each step includes those before: `beside`, the new istiod runs and serves nothing; `eastWest`, it serves the
 * east-west gateway; `gateways`, the ingress gateway too; `workloads`, new pods get their sidecars from it.
 */
export const UPGRADE_STEPS = ["beside", "eastWest", "gateways", "workloads"] as const;
/** How far an upgrade is: one of `UPGRADE_STEPS`. */
export type UpgradeStep = (typeof UPGRADE_STEPS)[number];

/** Label of istiod's objects, and of pods and namespaces that choose it: the name of a revision, or on namespaces of a tag. */
export const REVISION_LABEL = "istio.io/rev";
/** Label of a webhook that gives a revision another name: the tag. */
export const TAG_LABEL = "istio.io/tag";
/** The tag that selects a revision. Namespaces labelled `istio-injection: enabled` follow it, and those with `istio.io/rev: default`. */
export const STABLE_TAG = "default";
/** The webhook of {@link STABLE_TAG}, by the name under which Istio looks for it. */
export const TAG_WEBHOOK = "istio-revision-tag-default";

/** Which revision serves what in a cluster. */
export interface Placement {
  /** The revisions that are installed, the one that an upgrade leads to last. */
  readonly revisions: readonly Revision[];
  /** Serves the east-west gateway. */
  readonly eastWest: Revision;
  /** Serves the ingress gateway. */
  readonly ingress: Revision;
  /** Gives new pods their sidecars, and checks new objects. */
  readonly injects: Revision;
  /** Whether the tag leads to the revision that injects. Without it, an istiod without a revision does by itself. */
  readonly tagged: boolean;
}

/** Which revision serves what. @param upgrade where it leads to, and how far it is; undefined: there is none */
export function placementOf(current: Revision, upgrade?: { readonly revision: Revision; readonly step: UpgradeStep }): Placement {
  const on = (step: UpgradeStep): Revision =>
    upgrade !== undefined && UPGRADE_STEPS.indexOf(upgrade.step) >= UPGRADE_STEPS.indexOf(step) ? upgrade.revision : current;
  return {
    revisions: [current, ...(upgrade === undefined ? [] : [upgrade.revision])],
    eastWest: on("eastWest"),
    ingress: on("gateways"),
    injects: on("workloads"),
    tagged: upgrade !== undefined || current !== DEFAULT_REVISION,
  };
}

/** The revision that an upgrade installs beside another unless it is told which. */
export function nextRevision(current: Revision): Revision {
  return current === "blue" ? "green" : "blue";
}

/** The name that Istio's charts give to an object of a revision: `istiod-blue` for `istiod`, and `istiod` without a revision. */
export function ofRevision(name: string, revision: string): string {
  return revision === DEFAULT_REVISION ? name : `${name}-${revision}`;
}
