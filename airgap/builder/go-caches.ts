import * as fs from "node:fs";
import * as path from "node:path";
import { size } from "./checks";
import { AirgapError } from "./errors";
import { filesOf } from "./files";
import type { AirgapPaths } from "./paths";

/** Most that each of Go's two caches may hold after a build, in MiB. */
export interface GoCacheLimits {
  /** The build cache; the files used longest ago go first. */
  readonly buildMiB: number;
  /** The module cache; it goes as a whole, since its modules are needed as a whole. */
  readonly modulesMiB: number;
}

/** Room for the piece that is being worked on, and for the standard library, which every piece shares. */
const DEFAULT_LIMITS: GoCacheLimits = { buildMiB: 2048, modulesMiB: 3072 };

/**
 * The limits in force: `MESH_AIRGAP_GO_CACHE_GIB`, for either cache, else the default ones.
 *
 * @throws AirgapError when the variable is no number of at least 0.
 */
export function goCacheLimits(env: NodeJS.ProcessEnv = process.env): GoCacheLimits {
  const text = env.MESH_AIRGAP_GO_CACHE_GIB;
  if (!text) return DEFAULT_LIMITS;
  const gibibytes = Number(text);
  if (!(gibibytes >= 0)) throw new AirgapError("refused", `MESH_AIRGAP_GO_CACHE_GIB is "${text}"; expected a number of GiB, for example 4`);
  return { buildMiB: gibibytes * 1024, modulesMiB: gibibytes * 1024 };
}

/**
 * Removes a folder whose parts are read-only, as Go's module cache is.
 *
 * @param folder what to remove; it may be missing.
 */
export function removeReadOnly(folder: string): void {
  const open = (at: string): void => {
    fs.chmodSync(at, 0o755);
    for (const entry of fs.readdirSync(at, { withFileTypes: true })) if (entry.isDirectory()) open(path.join(at, entry.name));
  };
  if (!fs.existsSync(folder)) return;
  // Only for a user who is not root does it matter, and going through all of it takes a while.
  if (process.getuid?.() !== 0) open(folder);
  fs.rmSync(folder, { recursive: true, force: true });
}

/** A file of the build cache. */
interface Entry {
  readonly file: string;
  readonly size: number;
  readonly used: number;
}

/** The files of the build cache, those used longest ago first. Go renews a file's time when it uses it. */
function entries(folder: string): Entry[] {
  const found: Entry[] = [];
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const { size: bytes, mtimeMs } = fs.lstatSync(file);
    found.push({ file, size: bytes, used: mtimeMs });
  }
  return found.sort((a, b) => a.used - b.used);
}

/**
 * Takes away what Go's caches hold over the limits. Both stay whole: what is missing is fetched or compiled again when needed.
 *
 * @param paths the air gap's folders.
 * @param limits the most each may hold.
 * @returns a sentence for each cache that was cut.
 */
export function trimGoCaches(paths: AirgapPaths, limits: GoCacheLimits): string[] {
  const said: string[] = [];
  if (fs.existsSync(paths.goBuild)) {
    const all = entries(paths.goBuild);
    let over = all.reduce((sum, entry) => sum + entry.size, 0) - limits.buildMiB * 1024 ** 2;
    const before = over;
    for (const entry of all) {
      if (over <= 0) break;
      fs.rmSync(entry.file, { force: true });
      over -= entry.size;
    }
    if (before > 0) said.push(`Took ${size((before - over) / 1024 ** 2)} out of Go's build cache`);
  }
  if (fs.existsSync(paths.goModules)) {
    const bytes = filesOf(paths.goModules, ".").reduce((sum, file) => sum + file.size, 0);
    if (bytes > limits.modulesMiB * 1024 ** 2) {
      removeReadOnly(paths.goModules);
      said.push(`Took ${size(bytes / 1024 ** 2)} out of Go's module cache`);
    }
  }
  return said;
}
