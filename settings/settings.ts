import { existsSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parseSettings } from "./config";
import type { MeshModel } from "./model";
import { UserError } from "../lib/problems";
import { decodeConfig, overlay, refuseSecrets } from "./raw";
import { refusal } from "../lib/refusal";
import { readSettingsFiles } from "./files";

/**
 * Reads the settings of the stack that is running, with the files that USMESH_SETTINGS names laid over them, and checks them.
 * Called before any resource is registered, so that wrong settings change nothing.
 * @throws pulumi.RunError with everything that is wrong, which the engine shows without a stack trace
 */
export function readSettings(): MeshModel {
  try {
    const stack = pulumi.getStack();
    refuseSecrets(JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] || "[]") as string[], stack);
    const raw = overlay(decodeConfig(pulumi.runtime.allConfig()), readSettingsFiles(process.env["USMESH_SETTINGS"], stack));
    return parseSettings(raw, { stack, project: pulumi.getProject(), exists: existsSync });
  } catch (error) {
    throw error instanceof UserError ? refusal(error.message) : error;
  }
}
