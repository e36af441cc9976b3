import * as path from "node:path";
import { EXIT, MeshError } from "../../lib/errors";
import { runningDaemon } from "../../lib/pid-files";
import { takeTurn } from "../turn";
import { runOrThrow } from "./command";
import { awaitDaemon, startDaemon } from "./daemon";
import { decide } from "./decide";
import { thisHost, type Host } from "./host";
import { installPackages, packageExists, type Run } from "./packages";
import { systemPlace, type Place } from "./place";
import { lookForEngine } from "./probe";

/** Debian packages of the engine and of what it needs. */
const PACKAGES = ["docker.io", "containerd", "runc", "iptables", "ca-certificates"];

/** Debian 13 and later have the `docker` command in a package of its own. */
const COMMAND_PACKAGE = "docker-cli";

/** How an engine is set up. */
export interface SetUpOptions {
  /** Called with a line for each thing that is done. */
  readonly say: (line: string) => void;
  /** Runs the package tools; what they print goes to `install.log` in the folder unless given. */
  readonly run?: Run;
  /** Environment of the `docker` command. */
  readonly env: NodeJS.ProcessEnv;
  /** Folder for the engine's log and record. */
  readonly folder: string;
  /** Where the engine runs. */
  readonly place: Place;
}

async function install(run: Run, host: Host, say: (line: string) => void): Promise<void> {
  await installPackages(PACKAGES, run, say);
  if (!host.has("docker") && (await packageExists(COMMAND_PACKAGE, run))) await installPackages([COMMAND_PACKAGE], run, say);
}

/**
 * Installs and starts a Docker engine, unless another process has done so meanwhile, and waits until it answers.
 *
 * @throws MeshError when that cannot be done, saying what to do.
 */
export async function setUpEngine(options: SetUpOptions): Promise<void> {
  const release = await takeTurn(options.folder, () => options.say("another process is setting up the Docker engine; waiting for it"));
  try {
    await setUp(options);
  } finally {
    await release();
  }
}

async function setUp({ say, run, env, folder, place }: SetUpOptions): Promise<void> {
  const host = thisHost(env);
  // Asked again: it may have been set up while this process waited for its turn.
  const decision = decide(await lookForEngine(env, place), host);
  if (decision.action === "use") return;
  if (decision.action === "refuse") throw new MeshError(decision.section, decision.problem, decision.hint, EXIT.unusable);
  const answers = async (): Promise<boolean> => (await lookForEngine(env, place)).version !== undefined;
  const runTool = run ?? runOrThrow(path.join(folder, "install.log"));
  if (decision.action === "install") await install(runTool, host, say);
  if (host.systemd && place === systemPlace) {
    say("starting the Docker engine (systemctl start docker)");
    await runTool("systemctl", ["start", "docker"]);
  }
  if (await answers()) return;
  const running = runningDaemon(place);
  say(running === undefined ? "starting the Docker engine" : `waiting for the Docker engine (process ${running}) to answer`);
  await (running === undefined ? startDaemon(place, folder, answers) : awaitDaemon(running, answers));
}
