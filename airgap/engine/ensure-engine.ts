import * as fs from "node:fs";
import * as path from "node:path";
import { lock } from "proper-lockfile";
import { EXIT, MeshError } from "../../lib/errors";
import { meshPaths } from "../../lib/paths";
import { runOrThrow } from "./command";
import { awaitDaemon, startDaemon } from "./daemon";
import { decide } from "./decide";
import { thisHost, type Host } from "./host";
import { installPackages, packageExists, type Run } from "./packages";
import { runningDaemon } from "../../lib/pid-files";
import { systemPlace, type Place } from "./place";
import { lookForEngine } from "./probe";
import { ownEngine } from "./record";

/** What the engine and what it needs come in on Debian. */
const PACKAGES = ["docker.io", "containerd", "runc", "iptables", "ca-certificates"];

/** Debian 13 and later have the command in a package of its own. */
const COMMAND_PACKAGE = "docker-cli";

/** How the engine is made sure of. */
export interface EngineOptions {
  /** Takes what is being done, a line each; nothing is said when an engine answers already. */
  readonly say?: (line: string) => void;
  /** Runs the package tools; what they print goes to `install.log` in the engine's folder unless given. */
  readonly run?: Run;
  /** Environment of the `docker` command; the process's own unless given. */
  readonly env?: NodeJS.ProcessEnv;
  /** Folder for log and record; below `MESH_HOME` unless given. */
  readonly folder?: string;
  /** Where the engine runs; the machine's own place unless given. */
  readonly place?: Place;
}

/** The engine that answers. */
export interface Engine {
  /** Its version. */
  readonly version: string;
  /** Whether it was started by this project (and may be ended by {@link stopEngine}). */
  readonly own: boolean;
}

/** Asks whether the Docker engine answers. */
export async function engineAnswers(env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  return (await lookForEngine(env)).version !== undefined;
}

async function install(run: Run, host: Host, say: (line: string) => void): Promise<void> {
  await installPackages(PACKAGES, run, say);
  if (!host.has("docker") && (await packageExists(COMMAND_PACKAGE, run))) await installPackages([COMMAND_PACKAGE], run, say);
}

/**
 * Makes sure that a Docker engine answers: one that runs is used; on Debian as root one is installed and started, which goes on
 * when this process ends. Any number of processes may call it at once.
 *
 * @throws MeshError when there is none and none can be started, saying what to do.
 */
export async function ensureEngine(options: EngineOptions = {}): Promise<Engine> {
  const { say = () => undefined, env = process.env, folder = meshPaths().engine, place = systemPlace } = options;
  const standing = async (): Promise<Engine | undefined> => {
    const { version } = await lookForEngine(env, place);
    return version === undefined ? undefined : { version, own: ownEngine(folder) !== undefined };
  };
  const answers = async (): Promise<boolean> => (await standing()) !== undefined;

  const setUp = async (): Promise<void> => {
    const host = thisHost(env);
    const decision = decide(await lookForEngine(env, place), host);
    if (decision.action === "use") return;
    if (decision.action === "refuse") throw new MeshError(decision.problem, decision.hint, EXIT.unusable);
    const run = options.run ?? runOrThrow(path.join(folder, "install.log"));
    if (decision.action === "install") await install(run, host, say);
    if (host.systemd && place === systemPlace) {
      say("starting the Docker engine (systemctl start docker)");
      await run("systemctl", ["start", "docker"]);
    }
    if (await answers()) return;
    const running = runningDaemon(place);
    say(running === undefined ? "starting the Docker engine" : `waiting for the Docker engine (process ${running}) to answer`);
    await (running === undefined ? startDaemon(place, folder, answers) : awaitDaemon(running, answers));
  };

  const already = await standing();
  if (already) return already;
  const release = await takeTurn(folder, say);
  try {
    await setUp();
  } finally {
    await release();
  }
  const engine = await standing();
  if (!engine) throw new MeshError("the Docker engine stopped answering just after it came up", `Its log is in ${folder}.`);
  return engine;
}

/** Waits until no other process sets the engine up. */
async function takeTurn(folder: string, say: (line: string) => void): Promise<() => Promise<void>> {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (let first = true; ; first = false) {
    try {
      return await lock(folder, { lockfilePath: path.join(folder, "lock"), stale: 10_000 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (first) say("another process is setting the Docker engine up; waiting for it");
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
