import { replacedInPlace, type IstioBefore } from "../../program/istio-before";
import type { ClusterIstio } from "../../settings/model";
import { buildDifferences, SOURCE_SETTINGS, type IstioSource } from "../../topology/istio-builds";
import { nextRevision, UPGRADE_STEPS, type Revision, type UpgradeStep } from "../../topology/revisions";
import { namespaceIn, type FollowingProxy } from "../verify/revision-facts";

/** What a cluster is to have, as its settings say it. What is left out stays as it is. */
export interface Wanted extends IstioSource {
  readonly version: string;
}

/** What a command is to reach: another version, or the one from which an upgrade started. */
export type Goal = { readonly to: Wanted } | "rollback";

/** What is known of a cluster before each action. Nothing else decides what comes next, so a run that was killed can be continued. */
export interface ClusterView {
  /** What its settings say. */
  readonly istio: ClusterIstio;
  /** What the last `up` that ended did; undefined where there was none. */
  readonly applied: IstioBefore | undefined;
  /** The pods whose proxy has another revision than the one that they would get today. */
  readonly behind: readonly FollowingProxy[];
}

/** A change of a cluster's settings, which a user could write by hand. */
export type Change =
  /** `from` is what is written down of what is installed. */
  | { readonly set: "upgrade"; readonly to: Wanted; readonly from: Wanted; readonly revision: Revision }
  | { readonly set: "step"; readonly step: UpgradeStep }
  /** The istiod of the upgrade becomes the installed one, and the old one is removed. */
  | { readonly set: "installed" }
  /** The upgrade is dropped, and its istiod is removed. */
  | { readonly set: "nothing" };

/** What comes next. */
export type Action =
  /** `up`, after a change of the settings; without one, an `up` that did not end is run again. */
  | { readonly do: "up"; readonly change?: Change }
  /** The workloads with these pods are restarted. */
  | { readonly do: "restart"; readonly namespace: string; readonly pods: readonly string[] }
  | { readonly do: "nothing"; readonly why: "reached" | "no-upgrade" | "too-late" | "other-upgrade" };

/**
 * The next action towards a goal: first what the settings ask for and is not done yet, then restarts of pods that still have the other
 * revision, namespace by namespace, then the next step.
 *
 * @param first namespaces that come before all others, in their order
 */
export function nextAction({ istio, applied, behind }: ClusterView, goal: Goal, first: readonly string[] = []): Action {
  const { next } = istio;
  const ended = applied !== undefined && isApplied(istio, applied);
  if (goal === "rollback") {
    if (next === undefined) {
      if (applied?.upgrade === undefined) return { do: "nothing", why: "no-upgrade" };
      // What is removed is either the new istiod, at the end of a rollback, or the old one, at the end of the upgrade.
      return applied.revision === istio.revision ? { do: "up" } : { do: "nothing", why: "too-late" };
    }
    // An `up` that did not end is not repeated: it may be the reason to go back.
    if (next.step !== "beside") return { do: "up", change: { set: "step", step: "beside" } };
    if (!ended && applied?.upgrade !== undefined) return { do: "up" };
    return restartOf(behind, first) ?? { do: "up", change: { set: "nothing" } };
  }
  if (!ended && (applied === undefined || !wouldBeInPlace(istio, applied))) return { do: "up" };
  if (next === undefined) return ended && has(istio, goal.to) ? { do: "nothing", why: "reached" } : { do: "up", change: beginning(istio, applied, goal.to) };
  if (!has(next, goal.to)) return { do: "nothing", why: "other-upgrade" };
  const following = UPGRADE_STEPS[UPGRADE_STEPS.indexOf(next.step) + 1];
  if (following !== undefined) return { do: "up", change: { set: "step", step: following } };
  return restartOf(behind, first) ?? { do: "up", change: { set: "installed" } };
}

/** The change that begins an upgrade. */
export function beginning(istio: ClusterIstio, applied: IstioBefore | undefined, to: Wanted): Extract<Change, { set: "upgrade" }> {
  return { set: "upgrade", to, from: installedPart(istio, applied), revision: nextRevision(istio.revision) };
}

/** What a cluster's settings have to say so that it keeps what is installed: the version, and what else the settings have changed since. */
export function installedPart(istio: ClusterIstio, applied: IstioBefore | undefined): Wanted {
  const differences = applied !== undefined && wouldBeInPlace(istio, applied) ? buildDifferences(applied, istio) : [];
  return { ...Object.fromEntries(differences.flatMap(({ what, from }) => (from === undefined ? [] : [[what, from]]))), version: applied?.version ?? istio.version };
}

/** Whether an `up` with these settings has ended. */
export function isApplied(istio: ClusterIstio, applied: IstioBefore): boolean {
  const { revision, next } = istio;
  const { upgrade } = applied;
  if (applied.revision !== revision || replacedInPlace(istio, applied).length > 0) return false;
  return next === undefined || upgrade === undefined ? next === undefined && upgrade === undefined : upgrade.revision === next.revision && upgrade.step === next.step;
}

/** Whether the settings ask for another build in place: somebody has changed them, and an `up` would replace everything at once. */
export function wouldBeInPlace(istio: ClusterIstio, applied: IstioBefore): boolean {
  return istio.next === undefined && applied.upgrade === undefined && replacedInPlace(istio, applied).length > 0;
}

function has(install: Wanted, { version, ...source }: Wanted): boolean {
  return install.version === version && SOURCE_SETTINGS.every((what) => source[what] === undefined || source[what] === install[what]);
}

/** The restart of one namespace: the first of those that are named, then by name. */
function restartOf(behind: readonly FollowingProxy[], first: readonly string[]): Action | undefined {
  const names = [...new Set(behind.map(({ id }) => namespaceIn(id)))].sort();
  const namespace = first.find((name) => names.includes(name)) ?? names[0];
  if (namespace === undefined) return undefined;
  return { do: "restart", namespace, pods: behind.filter(({ id }) => namespaceIn(id) === namespace).map(({ id }) => id.slice(0, id.length - namespace.length - 1)) };
}
