import { isTree } from "../lib/merge";
import type { Check } from "./checks/check";
import { checkCharts } from "./checks/charts";
import { checkClusters } from "./checks/clusters";
import { checkDemo } from "./checks/demo";
import { checkFailover } from "./checks/failover";
import { checkSecrets } from "./checks/kubeconfig";
import { checkObservability } from "./checks/observability";
import { checkRanges } from "./checks/ranges";
import { checkTrust } from "./checks/trust";
import { complete } from "./defaults";
import type { MeshModel } from "./model";
import { related, within } from "./paths";
import { SettingsError } from "./problems";
import { readShape } from "./shape";

/** What the settings are read for. */
export interface SettingsContext {
  /** Name of the stack. */
  readonly stack: string;
  /** Name of the project. Default: `usmesh`. */
  readonly project?: string;
  /** Whether a file or folder exists, by its path from the project's folder. Default: every file does. */
  readonly exists?: (path: string) => boolean;
  /** Keys of the clusters in the settings of another stack of the project; undefined when they cannot be read. Default: none can. */
  readonly clustersOf?: (stack: string) => readonly string[] | undefined;
}

const CHECKS: readonly Check[] = [checkClusters, checkRanges, checkTrust, checkDemo, checkFailover, checkObservability, checkCharts, checkSecrets];

/**
 * The mesh that a stack's settings describe. Pure: it registers, reads and changes nothing.
 * @param raw the settings as a record, without the `usmesh:` prefix
 * @throws SettingsError with every problem: the setting's path, what is wrong and what would be right
 */
export function parseSettings(raw: unknown, context: SettingsContext): MeshModel {
  const { settings, problems, dropped } = readShape(withEmptyClusters(raw));
  const { stack, project = "usmesh", exists = () => true, clustersOf = () => undefined } = context;
  const model = complete(settings, stack, project);
  // A problem that depends on a setting which could not be read may only follow from that.
  const found = CHECKS.flatMap((check) => check({ settings, model, stack, project, exists, clustersOf })).filter(
    ({ path, because = [] }) => !dropped.some((drop) => within(path, drop) || because.some((reason) => related(reason, drop))),
  );
  const all = [...problems, ...found];
  if (all.length > 0) throw new SettingsError(all, stack);
  return model;
}

/** `west:` with nothing after it is a cluster with every default; YAML reads it as null. */
function withEmptyClusters(raw: unknown): unknown {
  if (!isTree(raw) || !isTree(raw["clusters"])) return raw;
  const clusters = Object.entries(raw["clusters"]).map(([key, cluster]) => [key, cluster ?? {}] as const);
  return { ...raw, clusters: Object.fromEntries(clusters) };
}
