import { existsSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parseSettings } from "./config";
import type { MeshModel } from "./model";
import { decodeConfig, overlay, refuseSecrets } from "./raw";
import { readSettingsFiles } from "./settings-files";

/**
 * Reads the settings of the stack that is running, with the files that USMESH_SETTINGS names laid over them, and checks them.
 * Called before any resource is registered, so that wrong settings change nothing.
 * @throws SettingsError with everything that is wrong
 */
export function readSettings(): MeshModel {
  const stack = pulumi.getStack();
  refuseSecrets(JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] || "[]") as string[], stack);
  const raw = overlay(decodeConfig(pulumi.runtime.allConfig()), readSettingsFiles(process.env["USMESH_SETTINGS"]));
  return parseSettings(raw, { stack, project: pulumi.getProject(), exists: existsSync });
}
