import * as path from "node:path";
import { EXIT, MeshError } from "../lib/errors";
import type { Section } from "../lib/troubleshooting";
import { repositoryRoot } from "../lib/paths";

/** The script that `./mesh` itself installs the repository's packages with. */
const SCRIPT = path.join(repositoryRoot, "lib", "npm-packages.sh");

/** Installs the packages of the folder `$2`; standard output is the section about what is wrong, and what that is, if anything. */
const ENSURE = '. "$1"; ensure_packages "$2" || { printf "%s\\n%s" "$section" "$problem"; exit 1; }';

/** Which packages are installed, and how. */
export interface NpmPackagesOptions {
  /** Folder of the `package-lock.json`, absolute; the air gap's own unless given. */
  readonly folder?: string;
  /** Environment of the script; the process's own unless given. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Makes sure that the air gap's own npm packages are installed as its `package-lock.json` names them. They are not among those of the
 * repository, so that nobody installs them who uses official downloads. Call it before the first import of a module that needs one.
 * Quick and silent when they are installed already; any number of processes may call it at once.
 *
 * @throws MeshError when they cannot be installed, saying what to do.
 */
export async function ensureNpmPackages({ folder = __dirname, env = process.env }: NpmPackagesOptions = {}): Promise<void> {
  const { execa } = await import("execa");
  const options = { env, extendEnv: false, stdin: "ignore", stderr: "inherit", reject: false } as const;
  const { exitCode, stdout } = await execa("sh", ["-c", ENSURE, "mesh", SCRIPT, folder], options);
  if (exitCode === 0) return;
  const [section, ...problem] = stdout.split("\n");
  if (problem.length > 0) throw new MeshError(section as Section, problem.join("\n"), undefined, EXIT.unusable);
  throw new MeshError("interrupted", "installing the air gap's npm packages was interrupted; run this again", undefined, EXIT.interrupted);
}
