import type { Wanted } from "../cli/upgrade/next";
import type { UpgradeReport } from "../cli/upgrade/report";
import { runUpgrade } from "../cli/upgrade/run";
import { environmentOf, type StacksOptions } from "./where";

export interface UpgradeOptions extends StacksOptions {
  /**
   * What to upgrade to: the version, and its charts, registry and tag where they differ from those of the stack. Default: `istio.version` of the
   * stack, or the version of an upgrade that is under way.
   */
  readonly to?: Partial<Wanted>;
  /** Keys of the clusters to upgrade. Default: all clusters of the stacks. */
  readonly clusters?: readonly string[];
  /** Namespaces whose workloads restart before all others, in this order. Default: none; namespaces follow by name. */
  readonly first?: readonly string[];
  /** Whether to go back to the version from which the upgrade started. Default: false. */
  readonly rollback?: boolean;
  /** Ends the run early, once an `up` that is running has ended; the same call continues it. Default: nothing does. */
  readonly signal?: AbortSignal;
}

/**
 * Upgrades Istio, one cluster after another, and checks the mesh after each step: what `./mesh upgrade` does. It writes each step into the stack's
 * file. `pulumi`, and `kind` for kind clusters, have to be on `PATH`. Progress is on standard error. Interrupted, it continues where it stopped when
 * it is called again.
 *
 * @returns for each cluster its version, its revision and the steps with their seconds
 * @throws MeshError when the upgrade is refused, for which nothing was changed; and when a step or the checks after it fail
 * @throws TypeError when both of `to` and `rollback` are given
 */
export async function upgrade(options: UpgradeOptions): Promise<UpgradeReport> {
  const { stacks, to, clusters = [], first = [], rollback = false, signal = new AbortController().signal } = options;
  if (rollback && to !== undefined) throw new TypeError("upgrade: give either `to` or `rollback`");
  return runUpgrade(stacks, { ...(to ? { to } : {}), clusters, first, rollback, signal, env: environmentOf(options) });
}
