/**
 * Replaces the air gap's index in the package: the same names, without the implementation. The package works with official downloads
 * only; the air gap needs the repository.
 */
import { EXIT, MeshError } from "../lib/errors";
import { capture } from "../lib/process";
import type * as airgap from "./index";

export { airgapHome, airgapPaths } from "./builder/paths";

/** There are none. */
export const allSteps: typeof airgap.allSteps = [];

/** There are none. */
export const airgapSettings: typeof airgap.airgapSettings = () => ({});

/** Milliseconds after which an engine counts as not answering. */
const TIMEOUT_MS = 20_000;

/** Looks for an engine, and never sets one up. */
export async function ensureEngine({ env = process.env }: airgap.EngineOptions = {}): Promise<airgap.Engine> {
  const { code, stdout } = await capture("docker", ["version", "--format", "{{.Server.Version}}"], { env, timeoutMs: TIMEOUT_MS }).catch(() => ({ code: 1, stdout: "" }));
  if (code === 0) return { version: stdout.trim(), own: false };
  throw new MeshError("docker-not-running", "no Docker engine answers", "Install Docker and start it, then run this again.", EXIT.unusable);
}

/** The package never starts one. */
export async function stopEngine(): Promise<boolean> {
  return false;
}

/** Never called: the functions of the package always choose official downloads. */
export async function requireBuildable(): Promise<boolean> {
  throw new Error("the package has no air gap");
}

/** See {@link requireBuildable}. */
export async function ensureBuilt(): ReturnType<typeof airgap.ensureBuilt> {
  throw new Error("the package has no air gap");
}
