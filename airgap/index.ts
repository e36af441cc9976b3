/**
 * The air gap as the rest of the project sees it: nothing outside of this folder imports another of its modules. Importing this one
 * loads names, paths and settings; the builder and the engine's set-up are loaded when they are called.
 */
import { airgapPaths, type AirgapPaths } from "./builder/paths";
import type { Status } from "./builder/status";
import type { Engine, EngineOptions } from "./engine/ensure-engine";
import type { EnsureOptions } from "./ensure";

export { airgapHome, airgapPaths, type AirgapPaths } from "./builder/paths";
export type { Status } from "./builder/status";
export type { Step, StepKind } from "./builder/step";
export type { Engine, EngineOptions } from "./engine/ensure-engine";
export type { EnsureOptions } from "./ensure";
export { ensureNpmPackages, type NpmPackagesOptions } from "./npm-packages";
export { allSteps } from "./steps";
export { airgapSettings } from "./steps/settings";

/**
 * Makes sure that the air gap is built. When everything is ready this only looks, which takes about a second. Ctrl-C ends it soon;
 * what was finished by then is kept.
 *
 * @returns names of the pieces that had to be built, and where everything is.
 * @throws MeshError when a piece cannot be built, the machine lacks something, a name is unknown, or the build is interrupted.
 */
export async function ensureBuilt(options: EnsureOptions = {}): Promise<{ built: string[]; paths: AirgapPaths }> {
  return (await import("./ensure.js")).ensureBuilt(options);
}

/**
 * Refuses what {@link ensureBuilt} would refuse before its first step. Creates nothing but the home.
 *
 * @param only names of the wanted pieces.
 * @returns whether something is left to build.
 * @throws MeshError when the machine lacks something or the home cannot be written to.
 */
export async function requireBuildable(only: readonly string[]): Promise<boolean> {
  return (await import("./ensure.js")).requireBuildable(only);
}

/**
 * The state of every piece. Changes nothing.
 *
 * @returns what `status --json` prints, and the same as a table for people.
 * @throws MeshError when the home, or a folder above it, is not a folder.
 */
export async function airgapStatus(): Promise<{ status: Status; table: string }> {
  const [{ inspectAirgap }, { statusOf, statusTable }] = await Promise.all([import("./ensure.js"), import("./builder/status.js")]);
  const status = statusOf(await inspectAirgap(), airgapPaths());
  return { status, table: statusTable(status) };
}

/**
 * Frees disk space. Waits for a build that is running.
 *
 * @param all removes every piece, and its images from the Docker engine; otherwise only what no tool needs.
 * @param say called with each line to show.
 * @throws MeshError when the home cannot be written to.
 */
export async function cleanAirgap(all: boolean, say: (line: string) => void): Promise<void> {
  return (await import("./ensure.js")).cleanAirgap(all, say);
}

/**
 * Makes sure that a Docker engine answers: one that runs is used; on Debian as root one is installed and started, and keeps running
 * when this process ends. Any number of processes may call it at once.
 *
 * @throws MeshError when there is none and none can be started, saying what to do.
 */
export async function ensureEngine(options: EngineOptions = {}): Promise<Engine> {
  return (await import("./engine/ensure-engine.js")).ensureEngine(options);
}

/**
 * Stops the Docker engine with all its containers, if {@link ensureEngine} started it; any other is left alone.
 *
 * @returns whether one was running.
 * @throws MeshError when it does not end.
 */
export async function stopEngine(): Promise<boolean> {
  return (await import("./engine/stop-engine.js")).stopEngine();
}
