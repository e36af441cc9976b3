import { resolve } from "node:path";

/** Which stacks a function works with, and where. */
export interface StacksOptions {
  /** Names of the stacks. Each has its settings in a file `Pulumi.<stack>.yaml`; paths of files in it are absolute. */
  readonly stacks: readonly string[];
  /** The folder with those files. Default: the working directory. */
  readonly folder?: string;
  /**
   * Environment of Pulumi and of what it starts: `PULUMI_BACKEND_URL`, `PULUMI_CONFIG_PASSPHRASE`, `MESH_HOME`, credentials of clouds.
   * Default: the process's own.
   */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The environment in which the command works for a program: it asks no questions, and everything comes from official downloads, since the
 * package has no air gap.
 */
export function environmentOf({ folder = ".", env = process.env }: Pick<StacksOptions, "folder" | "env">): NodeJS.ProcessEnv {
  return { ...env, MESH_STACKS: resolve(folder), MESH_AIRGAP: "0", CI: env.CI || "true" };
}
