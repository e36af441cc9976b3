import { existsSync, readFileSync } from "node:fs";
import { delimiter } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { parseSettings } from "./config";
import type { MeshModel } from "./model";
import { decodeConfig, overlay, refuseSecrets } from "./raw";

/**
 * Reads the settings of the stack that is running, with the files that USMESH_SETTINGS names laid over them, and checks them.
 * Called before any resource is registered, so that wrong settings change nothing.
 * @throws SettingsError with everything that is wrong
 */
export function readSettings(): MeshModel {
  const stack = pulumi.getStack();
  refuseSecrets(JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] || "[]") as string[], stack);
  const raw = overlay(decodeConfig(pulumi.runtime.allConfig()), readFiles(process.env["USMESH_SETTINGS"]));
  return parseSettings(raw, { stack, project: pulumi.getProject(), exists: existsSync });
}

/** @param names paths of YAML files, joined like PATH */
function readFiles(names: string | undefined): { name: string; content: unknown }[] {
  return (names ?? "")
    .split(delimiter)
    .filter((name) => name !== "")
    .map((name) => {
      try {
        return { name, content: parse(readFileSync(name, "utf8")) };
      } catch (error) {
        throw new Error(`USMESH_SETTINGS: cannot read ${name}: ${(error as Error).message}`);
      }
    });
}
