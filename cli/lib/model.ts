import * as fs from "node:fs";
import * as path from "node:path";
import { airgapSettings, type AirgapPaths } from "../../airgap";
import { parseSettings } from "../../settings/config";
import { UserError } from "../../lib/problems";
import { isTree } from "../../lib/merge";
import type { MeshModel } from "../../settings/model";
import { decodeConfig, overlay } from "../../settings/raw";
import { readSettingsFiles, type SettingsFile } from "../../settings/files";
import { EXIT, MeshError } from "../../lib/errors";
import type { Session } from "./session";

/** What a stack's settings are read from. */
export type SettingsSources = Pick<Session, "stacks" | "env"> & Partial<Pick<Session, "choice" | "airgap">>;

/**
 * The mesh as a stack's settings describe it: what the program itself will see once everything that it needs is there. The air gap's
 * own settings and charts may still have to be built, or be those of an older version: they count as the build will make them.
 *
 * @throws MeshError with every setting that is wrong.
 */
export function readModel(sources: SettingsSources, stack: string): MeshModel {
  const { stacks, env } = sources;
  const built = sources.choice?.airgap ? sources.airgap : undefined;
  const exists = (file: string): boolean => {
    const absolute = path.resolve(stacks.root, file);
    return (built !== undefined && isBelow(built.charts, absolute)) || fs.existsSync(absolute);
  };
  try {
    const raw = overlay(decodeConfig(asText(stacks.config(stack))), settingsFiles(env.USMESH_SETTINGS, stack, built));
    return parseSettings(raw, { stack, project: stacks.project, exists });
  } catch (error) {
    if (error instanceof UserError) throw new MeshError(error.message, undefined, EXIT.unusable);
    throw error;
  }
}

/** The files that `USMESH_SETTINGS` names, the air gap's own with what its build writes. */
function settingsFiles(names: string | undefined, stack: string, built: AirgapPaths | undefined): SettingsFile[] {
  return (names ?? "")
    .split(path.delimiter)
    .flatMap((name) => (name === built?.settings ? [{ name, content: airgapSettings(built) }] : readSettingsFiles(name, stack)));
}

function isBelow(folder: string, file: string): boolean {
  return file === folder || file.startsWith(`${folder}${path.sep}`);
}

/** A stack's configuration as the engine hands it to the program: all values text, records and lists as JSON, records in no order. */
function asText(config: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(sorted(value))]));
}

/** Records with their keys sorted, as Go writes them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isTree(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}
