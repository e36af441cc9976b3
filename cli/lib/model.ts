import * as fs from "node:fs";
import * as path from "node:path";
import { airgapSettings } from "../../airgap";
import { isTree } from "../../lib/merge";
import type { MeshModel } from "../../settings/model";
import { readStackSettings } from "../../settings/reader";
import type { Session } from "./session";

/** What a stack's settings are read from. */
export type SettingsSources = Pick<Session, "stacks" | "env"> & Partial<Pick<Session, "choice" | "airgap">>;

/**
 * The mesh that a stack's settings describe, as the program will see it once everything that it needs is there. The air gap's own
 * settings and charts may not be built yet, or may be those of an older version: they are read as the build will make them.
 *
 * @throws MeshError with every setting that is wrong.
 */
export function readModel(sources: SettingsSources, stack: string): MeshModel {
  const { stacks, env } = sources;
  const airgap = sources.choice?.airgap ? sources.airgap : undefined;
  const config = stacks.config(stack);
  const exists = (file: string): boolean => {
    const absolute = path.resolve(stacks.root, file);
    return (airgap !== undefined && isWithin(airgap.charts, absolute)) || fs.existsSync(absolute);
  };
  return readStackSettings({
    stack,
    project: stacks.project,
    config: Object.fromEntries(Object.entries(config).map(([key, value]) => [key, asText(value)])),
    secretKeys: Object.keys(config).filter((key) => hasSecret(config[key])),
    files: env.USMESH_SETTINGS,
    pending: airgap === undefined ? {} : { [airgap.settings]: airgapSettings(airgap) },
    exists,
    configOf: (other) => (stacks.names().includes(other) ? stacks.config(other) : undefined),
  });
}

function isWithin(folder: string, file: string): boolean {
  return file === folder || file.startsWith(`${folder}${path.sep}`);
}

/** A setting as the engine passes it to the program: text, with records and lists as JSON. */
function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(sorted(value));
}

/** Records with their keys sorted, as the engine writes them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isTree(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

/** Whether a value, or something in it, is encrypted: in a stack's file that is a record with `secure` as its only key. */
function hasSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSecret);
  if (!isTree(value)) return false;
  const keys = Object.keys(value);
  return (keys.length === 1 && typeof value["secure"] === "string") || keys.some((key) => hasSecret(value[key]));
}
