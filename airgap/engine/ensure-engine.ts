import { EXIT, MeshError } from "../../lib/errors";
import { meshPaths } from "../../lib/paths";
import { ensureNpmPackages } from "../npm-packages";
import { decide } from "./decide";
import { thisHost } from "./host";
import { systemPlace } from "./place";
import { lookForEngine } from "./probe";
import { ownEngine } from "./record";
import type { SetUpOptions } from "./set-up-engine";

/**
 * How {@link ensureEngine} works. Unless given, nothing is said, the environment is the process's own, the folder is below `MESH_HOME`
 * and the place is the machine's own.
 */
export type EngineOptions = Partial<SetUpOptions>;

/** An engine that answers. */
export interface Engine {
  /** Its version. */
  readonly version: string;
  /** Whether this project started it (and may stop it with `stopEngine`). */
  readonly own: boolean;
}

/** Whether the Docker engine answers. */
export async function engineAnswers(env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  return (await lookForEngine(env)).version !== undefined;
}

/**
 * Makes sure that a Docker engine answers: one that runs is used; on Debian as root one is installed and started, and keeps running
 * when this process ends. Any number of processes may call it at once.
 *
 * @throws MeshError when there is none and none can be started, saying what to do.
 */
export async function ensureEngine(options: EngineOptions = {}): Promise<Engine> {
  const { say = () => undefined, env = process.env, folder = meshPaths().engine, place = systemPlace } = options;
  const found = (version: string): Engine => ({ version, own: ownEngine(folder) !== undefined });
  const facts = await lookForEngine(env, place);
  if (facts.version !== undefined) return found(facts.version);
  const decision = decide(facts, thisHost(env));
  if (decision.action === "refuse") throw new MeshError(decision.section, decision.problem, decision.hint, EXIT.unusable);
  // Only who needs an engine set up needs the packages that this takes.
  await ensureNpmPackages();
  const { setUpEngine } = await import("./set-up-engine.js");
  await setUpEngine({ say, run: options.run, env, folder, place });
  const { version } = await lookForEngine(env, place);
  if (version === undefined) throw new MeshError("docker-does-not-start", "the Docker engine stopped answering just after it was started", `Its log is in ${folder}.`);
  return found(version);
}
