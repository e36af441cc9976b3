import * as fs from "node:fs";
import * as path from "node:path";
import { parseSettings } from "../../model/config";
import { UserError } from "../../model/problems";
import { isTree } from "../../model/merge";
import type { MeshModel } from "../../model/model";
import { decodeConfig, overlay } from "../../model/raw";
import { readSettingsFiles } from "../../model/settings-files";
import { EXIT, MeshError } from "./errors";
import type { StackFiles } from "./stacks";

/**
 * The mesh as a stack's settings describe it: what the program itself will see.
 *
 * @param settings value of `USMESH_SETTINGS`.
 * @throws MeshError with every setting that is wrong.
 */
export function readModel(stacks: StackFiles, stack: string, settings: string | undefined): MeshModel {
  const exists = (file: string): boolean => fs.existsSync(path.resolve(stacks.root, file));
  try {
    const raw = overlay(decodeConfig(asText(stacks.config(stack))), readSettingsFiles(settings, stack));
    return parseSettings(raw, { stack, project: stacks.project, exists });
  } catch (error) {
    if (error instanceof UserError) throw new MeshError(error.message, undefined, EXIT.unusable);
    throw error;
  }
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
