import * as os from "node:os";
import * as path from "node:path";

/** The repository's root: where Pulumi.yaml and the stacks' files are. */
export const repositoryRoot = path.resolve(__dirname, "..");

/**
 * The folder with the stacks' files: `MESH_STACKS`, for environments that are kept in a repository of their own, else the repository's root.
 */
export function stacksFolder(env: NodeJS.ProcessEnv): string {
  return env.MESH_STACKS ? path.resolve(env.MESH_STACKS) : repositoryRoot;
}

/** The files of the command, which belong to one user: absolute paths, all below {@link MeshPaths.home}. */
export interface MeshPaths {
  /** The folder with everything, outside the repository. */
  readonly home: string;
  /** Pulumi's state, unless `PULUMI_BACKEND_URL` names another backend. */
  readonly state: string;
  /** File with the passphrase for the secrets in the state; only its owner can read it. */
  readonly passphrase: string;
  /** Pulumi project with copies of the stacks' files, to which Pulumi may add its salt. */
  readonly config: string;
  /** Files of the Docker engine if the command started it: process id, log. */
  readonly engine: string;
  /** Kubeconfigs of the stacks that are up, for manual work. */
  readonly kubeconfigs: string;
  /** File that says with what stacks were brought up: official downloads or the air gap. */
  readonly choices: string;
  /** What is cached for a while, such as which downloads can be reached. */
  readonly cache: string;
  /** What Pulumi's language host compiled of the program. */
  readonly compiled: string;
}

/**
 * `MESH_HOME`, else `usmesh` in the user's state folder.
 *
 * @param env environment to read. Default: the process's own.
 */
export function meshHome(env: NodeJS.ProcessEnv = process.env): string {
  if (env.MESH_HOME) return path.resolve(env.MESH_HOME);
  return path.join(env.XDG_STATE_HOME || path.join(os.homedir(), ".local", "state"), "usmesh");
}

/**
 * The paths below a home. Nothing is created.
 *
 * @param home the home. Default: {@link meshHome}.
 */
export function meshPaths(home: string = meshHome()): MeshPaths {
  return {
    home,
    state: path.join(home, "state"),
    passphrase: path.join(home, "passphrase"),
    config: path.join(home, "config"),
    engine: path.join(home, "engine"),
    kubeconfigs: path.join(home, "kubeconfig"),
    choices: path.join(home, "choices.json"),
    cache: path.join(home, "cache"),
    compiled: path.join(home, "cache", "ts-node"),
  };
}
