import { EXIT, MeshError } from "../../lib/errors";
import { beforeOf } from "./guard";
import type { Goal } from "./next";
import { outputsOf, settingsOf, type Run } from "./parts";

/** A cluster that a command names, by itself or by its stack. */
export interface Chosen {
  readonly stack: string;
  readonly key: string;
}

/** The version that a cluster is to have: what is asked for, else that of its upgrade, else that of its settings. */
export async function goalOf(run: Run, { stack, key }: Chosen): Promise<Goal> {
  const { rollback, to = {} } = run.options;
  if (rollback) return "rollback";
  const { cluster: { istio }, version } = settingsOf(run, stack, key);
  const installed = beforeOf(await outputsOf(run, stack), key)?.version ?? istio.version;
  return { to: { version: istio.next?.version ?? (istio.version === installed ? version : istio.version), ...to } };
}

/** @throws MeshError when no cluster has another version in its settings, and none is asked for */
export async function requireGoal(run: Run, chosen: readonly Chosen[]): Promise<void> {
  const { rollback, to = {} } = run.options;
  if (rollback || Object.keys(to).length > 0) return;
  const settled = await Promise.all(
    chosen.map(async ({ stack, key }) => {
      const settings = settingsOf(run, stack, key);
      const { version, next } = settings.cluster.istio;
      return next === undefined && version === settings.version && beforeOf(await outputsOf(run, stack), key)?.version === version;
    }),
  );
  if (!settled.every(Boolean)) return;
  throw new MeshError("upgrade-to-what", `${chosen.map(({ key }) => key).join(", ")}: Istio already has the version in the settings, and no other version was named`, "Name it: --to VERSION. The same version gives a cluster a revision and a tag.", EXIT.unusable);
}
