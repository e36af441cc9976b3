import * as os from "node:os";
import * as path from "node:path";

/** The air gap's files and folders: absolute paths, all of them below {@link AirgapPaths.home}. */
export interface AirgapPaths {
  /** The cache folder, outside the repository. */
  readonly home: string;
  /** Executables; to be put in front of `PATH`. */
  readonly bin: string;
  /** Chart folders: `base`, `istiod`, `gateway`, `metallb`. */
  readonly charts: string;
  /** Files for images that are not executables, for example Envoy's bootstrap template. */
  readonly files: string;
  /** The value of `PULUMI_HOME` in the air gap; holds `plugins/`. */
  readonly pulumiHome: string;
  /** Settings for the program in the air gap; named in `USMESH_SETTINGS`. */
  readonly settings: string;
  /** Go's module cache. */
  readonly goModules: string;
  /** Go's build cache. */
  readonly goBuild: string;
  /** Stamps of finished steps, `NAME.json`. */
  readonly steps: string;
  /** Output of each step's last run, `NAME.log`. */
  readonly logs: string;
  /** Work in progress: a folder for each step, removed when the step ends. */
  readonly scratch: string;
}

/**
 * The air gap's cache folder: `MESH_AIRGAP_HOME`, or `usmesh/airgap` in the user's cache folder.
 *
 * @param env environment to read; the process's own unless given.
 */
export function airgapHome(env: NodeJS.ProcessEnv = process.env): string {
  if (env.MESH_AIRGAP_HOME) return path.resolve(env.MESH_AIRGAP_HOME);
  const cache = env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
  return path.join(cache, "usmesh", "airgap");
}

/** The folders below the home that a build writes to. */
export function homeFolders({ home, bin, charts, files, pulumiHome, goModules, goBuild, steps, logs, scratch }: AirgapPaths): string[] {
  return [bin, charts, files, pulumiHome, path.dirname(goModules), goModules, goBuild, steps, logs, scratch, path.join(home, "running")];
}

/**
 * The paths below a cache folder. Nothing is created.
 *
 * @param home the cache folder; {@link airgapHome} unless given.
 */
export function airgapPaths(home: string = airgapHome()): AirgapPaths {
  return {
    home,
    bin: path.join(home, "bin"),
    charts: path.join(home, "charts"),
    files: path.join(home, "files"),
    pulumiHome: path.join(home, "pulumi"),
    settings: path.join(home, "settings.yaml"),
    goModules: path.join(home, "go", "mod"),
    goBuild: path.join(home, "go", "build"),
    steps: path.join(home, "steps"),
    logs: path.join(home, "logs"),
    scratch: path.join(home, "scratch"),
  };
}
