import { checkClusters } from "./checks/clusters";
import { checkCharts } from "./checks/charts";
import { checkDemo } from "./checks/demo";
import { checkRanges } from "./checks/ranges";
import { checkTrust } from "./checks/trust";
import { complete } from "./defaults";
import { isTree } from "../lib/merge";
import type { MeshModel } from "./model";
import { related, SettingsError, within, type Problem } from "../lib/problems";
import type { Settings } from "./schema";
import { readShape } from "./shape";

export { SettingsError } from "../lib/problems";

/** What the settings are read for. */
export interface SettingsContext {
  /** Name of the stack. */
  readonly stack: string;
  /** Name of the project. Default: `usmesh`. */
  readonly project?: string;
  /** Whether a file or folder is there, by a path from the project's folder. Default: everything is. */
  readonly exists?: (path: string) => boolean;
}

/** What a check looks at. */
export interface Checked {
  /** What was set, with plain defaults. */
  readonly settings: Settings;
  /** What came of it. */
  readonly model: MeshModel;
  readonly stack: string;
  readonly project: string;
  readonly exists: (path: string) => boolean;
}

const CHECKS: readonly ((checked: Checked) => Problem[])[] = [checkClusters, checkRanges, checkTrust, checkDemo, checkCharts];

/**
 * The mesh that a stack's settings describe. Pure: it registers, reads and changes nothing.
 * @param raw the settings as a record, without the `usmesh:` prefix
 * @throws SettingsError with every problem: the setting's path, what is wrong and what would be right
 */
export function parseSettings(raw: unknown, context: SettingsContext): MeshModel {
  const { settings, problems, dropped } = readShape(emptyClusters(raw));
  const { stack, project = "usmesh", exists = () => true } = context;
  const model = complete(settings, stack, project);
  const judged = CHECKS.flatMap((check) => check({ settings, model, stack, project, exists })).filter(
    ({ path, because = [] }) => !dropped.some((drop) => within(path, drop) || because.some((reason) => related(reason, drop))),
  );
  const all = [...problems, ...judged];
  if (all.length > 0) throw new SettingsError(all, context.stack);
  return model;
}

/** `west:` with nothing after it is a cluster with every default, which YAML reads as null. */
function emptyClusters(raw: unknown): unknown {
  if (!isTree(raw) || !isTree(raw["clusters"])) return raw;
  const clusters = Object.entries(raw["clusters"]).map(([key, cluster]) => [key, cluster ?? {}] as const);
  return { ...raw, clusters: Object.fromEntries(clusters) };
}
