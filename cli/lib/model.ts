import * as fs from "node:fs";
import * as path from "node:path";
import { parseSettings, SettingsError } from "../../model/config";
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
    if (error instanceof SettingsError) throw new MeshError(error.message, undefined, EXIT.unusable);
    throw error;
  }
}

/** A stack's configuration as the engine hands it to the program: all values text, records and lists as JSON. */
function asText(config: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]));
}
