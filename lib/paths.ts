import * as os from "node:os";
import * as path from "node:path";

/** The repository's root: where Pulumi.yaml and the stacks' files are. */
export const repositoryRoot = path.resolve(__dirname, "..");

/**
 * Where the stacks' files are: `MESH_STACKS`, for environments that are kept apart from the program, else the repository's root.
 *
 * @param env environment to read.
 */
export function stacksFolder(env: NodeJS.ProcessEnv): string {
  return env.MESH_STACKS ? path.resolve(env.MESH_STACKS) : repositoryRoot;
}

/** Where the command keeps what belongs to one user: absolute paths, all of them under {@link MeshPaths.home}. */
export interface MeshPaths {
  /** The one folder, outside the repository. */
  readonly home: string;
  /** Pulumi's state, unless `PULUMI_BACKEND_URL` names another backend. */
  readonly state: string;
  /** File with the passphrase that protects secrets in the state; readable by its owner alone. */
  readonly passphrase: string;
  /** A Pulumi project with copies of the stacks' files, to which Pulumi may add its salt. */
  readonly config: string;
  /** What the Docker engine needs when the command started it: process id, log. */
  readonly engine: string;
  /** The kubeconfigs of the stacks that are up, for work by hand. */
  readonly kubeconfigs: string;
  /** What is worth remembering for a while, such as which downloads can be reached. */
  readonly cache: string;
}

/**
 * `MESH_HOME`, else `usmesh` in the user's state folder.
 *
 * @param env environment to read; the process's own unless given.
 */
export function meshHome(env: NodeJS.ProcessEnv = process.env): string {
  if (env.MESH_HOME) return path.resolve(env.MESH_HOME);
  return path.join(env.XDG_STATE_HOME || path.join(os.homedir(), ".local", "state"), "usmesh");
}

/**
 * The paths below a home. Nothing is created.
 *
 * @param home the home; {@link meshHome} unless given.
 */
export function meshPaths(home: string = meshHome()): MeshPaths {
  return {
    home,
    state: path.join(home, "state"),
    passphrase: path.join(home, "passphrase"),
    config: path.join(home, "config"),
    engine: path.join(home, "engine"),
    kubeconfigs: path.join(home, "kubeconfig"),
    cache: path.join(home, "cache"),
  };
}
