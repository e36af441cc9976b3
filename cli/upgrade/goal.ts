import { EXIT, MeshError } from "../../lib/errors";
import { beforeOf } from "./guard";
import { SOURCE_SETTINGS, sourceOf, type IstioSource } from "../../topology/istio-builds";
import { isApplied, wouldBeInPlace, type Goal } from "./next";
import { outputsOf, settingsOf, type Run } from "./parts";

/** A cluster that a command names, by itself or by its stack. */
export interface Chosen {
  readonly stack: string;
  readonly key: string;
}

/**
 * What a cluster is to have: what is asked for, else what its upgrade leads to, else what its settings say. Its charts, hub and tag are
 * named where they are others than those that would be taken over from what is installed.
 */
export async function goalOf(run: Run, { stack, key }: Chosen): Promise<Goal> {
  const { rollback, to = {} } = run.options;
  if (rollback) return "rollback";
  const { cluster: { istio }, istio: ofStack } = settingsOf(run, stack, key);
  if (istio.next) return { to: { version: istio.next.version, ...to } };
  const applied = beforeOf(await outputsOf(run, stack), key);
  const { version = istio.version === (applied?.version ?? istio.version) ? ofStack.version : istio.version } = to;
  // Charts and a tag belong to a version: those of the stack's version are the stack's, also where the cluster has others by now.
  const wanted: IstioSource = version !== istio.version && version === ofStack.version ? { ...sourceOf(istio), ...sourceOf({ charts: ofStack.charts, tag: ofStack.tag }) } : istio;
  const installed: IstioSource = (applied !== undefined && wouldBeInPlace(istio, applied) ? applied.source : undefined) ?? istio;
  const named = SOURCE_SETTINGS.flatMap((what): [string, string | undefined][] => (wanted[what] === undefined || wanted[what] === installed[what] ? [] : [[what, wanted[what]]]));
  return { to: { ...Object.fromEntries(named), ...to, version } };
}

/** @throws MeshError when no cluster has another version in its settings, and none is asked for */
export async function requireGoal(run: Run, chosen: readonly Chosen[]): Promise<void> {
  const { rollback, to = {} } = run.options;
  if (rollback || Object.keys(to).length > 0) return;
  const settled = await Promise.all(
    chosen.map(async ({ stack, key }) => {
      const { cluster: { istio }, istio: ofStack } = settingsOf(run, stack, key);
      const applied = beforeOf(await outputsOf(run, stack), key);
      return istio.version === ofStack.version && applied !== undefined && isApplied(istio, applied) && istio.next === undefined;
    }),
  );
  if (!settled.every(Boolean)) return;
  throw new MeshError("upgrade-to-what", `${chosen.map(({ key }) => key).join(", ")}: Istio already has the version in the settings, and no other version was named`, "Name it: --to VERSION. The same version gives a cluster a revision and a tag.", EXIT.unusable);
}
