import * as fs from "node:fs";
import { formatMebibytes } from "./checks";
import { AirgapError } from "./errors";
import { bytesOf, findFiles, removeFolder } from "./folders";
import type { AirgapPaths } from "./paths";

/** Maximum size of each of Go's two caches after a build, in MiB. */
export interface GoCacheLimits {
  /** The build cache; the least recently used files are removed first. */
  readonly buildMiB: number;
  /** The module cache; it is removed as a whole, since its modules are needed as a whole. */
  readonly modulesMiB: number;
}

const MIB = 1024 ** 2;

/** Enough for the piece that somebody works on and for the standard library, which every piece shares. */
const DEFAULT_LIMITS: GoCacheLimits = { buildMiB: 2048, modulesMiB: 3072 };

/**
 * The limits: `MESH_AIRGAP_GO_CACHE_GIB` for each of the two caches, or the defaults.
 *
 * @throws AirgapError when the variable is not a number of at least 0.
 */
export function goCacheLimits(env: NodeJS.ProcessEnv = process.env): GoCacheLimits {
  const text = env.MESH_AIRGAP_GO_CACHE_GIB;
  if (!text) return DEFAULT_LIMITS;
  const gibibytes = Number(text);
  if (!(gibibytes >= 0)) throw new AirgapError("airgap-cache-limit", "refused", `MESH_AIRGAP_GO_CACHE_GIB is "${text}"; expected a number of GiB, for example 4`);
  return { buildMiB: gibibytes * 1024, modulesMiB: gibibytes * 1024 };
}

/** Removes files from the build cache until it is within the limit. @returns the removed bytes. */
async function trimBuild(folder: string, limit: number): Promise<number> {
  // Go updates a file's time when it uses the file.
  const files = (await findFiles(folder)).sort((a, b) => a.changed - b.changed);
  const over = files.reduce((sum, { size: bytes }) => sum + bytes, 0) - limit;
  let removed = 0;
  for (const { file, size: bytes } of files) {
    if (removed >= over) break;
    await fs.promises.rm(file, { force: true });
    removed += bytes;
  }
  return removed;
}

/** Removes the module cache if it exceeds the limit. @returns the removed bytes. */
async function trimModules(folder: string, limit: number): Promise<number> {
  const bytes = await bytesOf(folder);
  if (bytes <= limit) return 0;
  await removeFolder(folder);
  return bytes;
}

/**
 * Cuts Go's caches to their limits. Both stay usable: what is missing is fetched or compiled again when it is needed.
 *
 * @param paths the air gap's folders.
 * @param limits the maximum sizes.
 * @returns a sentence for each cache that was cut.
 */
export async function trimGoCaches(paths: AirgapPaths, limits: GoCacheLimits): Promise<string[]> {
  const removed = {
    "Go's build cache": await trimBuild(paths.goBuild, limits.buildMiB * MIB),
    "Go's module cache": await trimModules(paths.goModules, limits.modulesMiB * MIB),
  };
  return Object.entries(removed)
    .filter(([, bytes]) => bytes > 0)
    .map(([name, bytes]) => `Removed ${formatMebibytes(bytes / MIB)} from ${name}`);
}
