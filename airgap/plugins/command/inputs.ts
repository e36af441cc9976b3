/** The inputs of `local.Command` and `local.run`. */
import type { Rule, Rules } from "../lib/schema";

/** The inputs of both. */
export interface BaseInputs {
  addPreviousOutputInEnv?: boolean | null;
  dir?: string | null;
  environment?: Record<string, string> | null;
  interpreter?: string[] | null;
  logging?: "stdout" | "stderr" | "stdoutAndStderr" | "none" | null;
  stdin?: string | null;
}

/** The inputs of a Command. */
export interface CommandInputs extends BaseInputs {
  create?: string | null;
  update?: string | null;
  delete?: string | null;
}

const TEXT: Rule = { type: "string" };
const FILES: Rule = { type: "refused", why: "write files to a known place and read them from there" };

const BASE: Rules = {
  addPreviousOutputInEnv: { type: "boolean" },
  archivePaths: FILES,
  assetPaths: FILES,
  dir: TEXT,
  environment: { type: "map", values: TEXT },
  interpreter: { type: "array", items: TEXT },
  logging: { type: "string", oneOf: ["stdout", "stderr", "stdoutAndStderr", "none"] },
  stdin: TEXT,
};

export const COMMAND_RULES: Rules = {
  ...BASE,
  create: TEXT,
  update: TEXT,
  delete: TEXT,
  triggers: { type: "array", items: { type: "any" } },
};

export const RUN_RULES: Rules = { ...BASE, command: { type: "string", required: true } };
