import { EXIT, MeshError } from "../../lib/errors";
import type { Tree } from "../../lib/merge";
import type { MeshOutputs } from "../../outputs/contract";
import { replacedInPlace, type IstioBefore } from "../../program/istio-before";
import type { ClusterIstio, MeshModel } from "../../settings/model";
import type { BuildDifference } from "../../topology/istio-builds";
import { beforeOf } from "./guard";
import { beginning, installedPart, wouldBeInPlace, type Goal, type Wanted } from "./next";
import { changed, istioIn } from "./settings";

/** What an `up` would replace in place although nobody asked this command for it. It must neither be lost nor be done. */

/** The settings of Istio that are written for a cluster. */
export interface Kept {
  readonly key: string;
  readonly istio: Tree;
}

/**
 * What is written down of a stack's other clusters with the next change of one of them, so that its `up` replaces nothing in them: their
 * settings can ask for another build in place. Where the stack's settings do, what is installed is written down: the stack's settings
 * keep what is wanted. Where the cluster's own settings do, they become an upgrade, which begins beside what is installed.
 *
 * @param goals by cluster key, of the clusters that the command upgrades
 * @throws MeshError where that cannot be written down, and for a cluster that the command does not upgrade and whose own settings ask for it
 */
export function keptElsewhere({ clusters, istio: ofStack }: Pick<MeshModel, "clusters" | "istio">, key: string, outputs: MeshOutputs["clusters"], config: Readonly<Record<string, unknown>>, goals: ReadonlyMap<string, Goal>): Kept[] {
  return clusters.flatMap(({ key: other, istio }): Kept[] => {
    const applied = beforeOf(outputs, other);
    if (other === key || applied === undefined) return [];
    refuseInUpgrade(other, istio, applied);
    const differences = differencesIn(istio, applied);
    if (differences.length === 0) return [];
    const goal = goals.get(other);
    const to = goal === "rollback" ? undefined : goal?.to;
    refuseUnwritable(other, istio, applied, to);
    const own = istioIn(config, other);
    // With the same version, and for a hub, nothing would tell later that the stack's settings want anything else than is written down.
    const known = ofStack.version !== applied.version && differences.every(({ what }) => what !== "hub" && own[what] === undefined);
    if (known) return [{ key: other, istio: { ...own, ...installedPart(istio, applied) } }];
    if (to !== undefined) return [{ key: other, istio: changed(own, beginning(istio, applied, to)) }];
    throw new MeshError(
      "upgrade-in-place",
      `cluster ${other}: its settings ask for ${differences.map(changeText).join(", ")}, which the up for ${key} would do in place; nothing was changed`,
      `Upgrade ${other} with the same command, or set this back to what is installed.`,
      EXIT.unusable,
    );
  });
}

/** During an upgrade, nothing of its istiods is replaced in place, but the new one while it serves nothing. @throws MeshError with what would be */
export function refuseInUpgrade(key: string, istio: ClusterIstio, applied: IstioBefore): void {
  if (wouldBeInPlace(istio, applied)) return;
  const [replaced] = replacedInPlace(istio, applied).filter(({ after }) => !(after.revision === istio.next?.revision && istio.next.step === "beside" && applied.upgrade?.step === "beside"));
  if (replaced === undefined) return;
  throw new MeshError(
    "upgrade-in-place",
    `cluster ${key}: during its upgrade, the settings have changed ${replaced.differences.map(changeText).join(", ")} of the istiod of revision ${replaced.after.revision}, which an up would do in place; nothing was changed`,
    "Set this back until the upgrade has ended.",
    EXIT.unusable,
  );
}

/**
 * What settings cannot say: that a cluster, or its upgrade, has the default where the stack's settings name something else.
 *
 * @param to what the cluster is to have; undefined where it is not upgraded
 * @throws MeshError with what the user can do instead
 */
export function refuseUnwritable(key: string, istio: ClusterIstio, applied: IstioBefore, to: Wanted | undefined): void {
  const differences = differencesIn(istio, applied);
  const refuse = (text: string, remedy: string): never => {
    throw new MeshError("upgrade-in-place", `cluster ${key}: ${text}; nothing was changed`, remedy, EXIT.unusable);
  };
  const named = [istio.tag === undefined ? [] : ["istio.tag"], istio.charts === undefined ? [] : ["istio.charts"]].flat();
  if (differences.length > 0 && applied.source === undefined && named.length > 0) {
    refuse(`the settings have another version and ${named.join(" and ")}, and the last up did not record with which Istio ${applied.version} was installed`, `Set istio.version and ${named.join(" and ")} back to what is installed, run ./mesh up once, and raise them again.`);
  }
  for (const { what, from, to: wanted } of differences) {
    const how = what === "hub" ? `clusters.${key}.istio.upgrade.hub` : `--${what}`;
    if (from === undefined) refuse(`the settings have istio.${what} "${wanted}", and what is installed has none`, `Remove istio.${what} from the settings, and name it for the new istiod alone, with ${how}.`);
    if (wanted === undefined && to?.[what] === undefined) refuse(`what is installed has istio.${what} "${from}", and the settings have none`, `Set it back for what is installed, and name that of the new istiod with ${how}.`);
  }
}

function differencesIn(istio: ClusterIstio, applied: IstioBefore): readonly BuildDifference[] {
  return wouldBeInPlace(istio, applied) ? replacedInPlace(istio, applied).flatMap(({ differences }) => differences) : [];
}

function changeText({ what, from = "none", to = "none" }: BuildDifference): string {
  return `${what} ${from} → ${to}`;
}
