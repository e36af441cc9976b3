import { existsSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { stacksFolder } from "../lib/paths";
import { refusing } from "../lib/refusal";
import { readSettingsFiles, stackConfig } from "./files";
import type { MeshModel } from "./model";
import { readStackSettings } from "./reader";
import { secretSettings, type SecretSettings } from "./secrets";

/**
 * The settings of the stack that is running. Called before any resource is registered, so that wrong settings change nothing.
 * @throws pulumi.RunError with everything that is wrong, which the engine shows without a stack trace
 */
export function readSettings(): MeshModel {
  return refusing(() =>
    readStackSettings({
      stack: pulumi.getStack(),
      project: pulumi.getProject(),
      config: pulumi.runtime.allConfig(),
      secretKeys: JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] || "[]") as string[],
      files: process.env["USMESH_SETTINGS"],
      exists: existsSync,
      configOf: (stack) => stackConfig(stacksFolder(process.env), stack),
    }),
  );
}

/** The secret settings of the stack that is running. Called after {@link readSettings}, which checks them. */
export function readSecrets(): SecretSettings {
  return refusing(() => secretSettings(pulumi.runtime.allConfig(), readSettingsFiles(process.env["USMESH_SETTINGS"], pulumi.getStack())));
}
