/**
 * Whose a release is, and what to do about one that an interrupted run left behind.
 *
 * Every release made here carries two labels in Helm's storage: which Pulumi resource it belongs to, and which create of
 * that resource made it. So the next run can tell its own left-overs from a release that somebody else made.
 */
import { createHash, randomBytes } from "node:crypto";
import type { ClusterAccess } from "../access";
import type { Labels } from "./flags";
import { type ReleaseName, type ReleaseStatus, hasLabels } from "./record";

const RESOURCE_LABEL = "usmesh.io/resource";
const INSTANCE_LABEL = "usmesh.io/instance";

/** A new name for one create of a resource. */
export function newInstance(): string {
  return randomBytes(6).toString("hex");
}

/** The labels of a release. */
export function labelsFor(urn: string, instance: string): Labels {
  return { [RESOURCE_LABEL]: resourceLabel(urn), [INSTANCE_LABEL]: instance };
}

/** Whether the release that Helm has was made by this resource, in this or an earlier run. */
export async function isOwn(access: ClusterAccess, release: ReleaseName, urn: string): Promise<boolean> {
  return hasLabels(access, release, `${RESOURCE_LABEL}=${resourceLabel(urn)}`);
}

/** Whether the release was made anew by a later create of this resource than the one that gave `instance`. */
export async function isSuperseded(
  access: ClusterAccess,
  release: ReleaseName,
  urn: string,
  instance: string,
): Promise<boolean> {
  return hasLabels(access, release, `${RESOURCE_LABEL}=${resourceLabel(urn)},${INSTANCE_LABEL}!=${instance}`);
}

function resourceLabel(urn: string): string {
  return createHash("sha256").update(urn).digest("hex").slice(0, 32);
}

/**
 * How to go on from a release that is there already: `install` it anew after taking it away, `upgrade` it, or take back
 * its half-done revision and then upgrade.
 */
export type Continuation = "reinstall" | "upgrade" | "rollback";

/** How to go on from what an interrupted run of this very resource left. */
export function continuationOf({ status, revision }: Pick<ReleaseStatus, "status" | "revision">): Continuation {
  switch (status) {
    case "uninstalled":
    case "uninstalling":
    case "pending-install":
      return "reinstall";
    case "pending-upgrade":
    case "pending-rollback":
      return "rollback";
    case "failed":
      // A first install that failed may not have run its hooks: only a whole install does.
      return revision === 1 ? "reinstall" : "upgrade";
    default:
      return "upgrade";
  }
}
