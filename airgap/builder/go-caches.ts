import * as fs from "node:fs";
import { size } from "./checks";
import { AirgapError } from "./errors";
import { bytesOf, findFiles, removeFolder } from "./folders";
import type { AirgapPaths } from "./paths";

/** Most that each of Go's two caches may hold after a build, in MiB. */
export interface GoCacheLimits {
  /** The build cache; the files used longest ago go first. */
  readonly buildMiB: number;
  /** The module cache; it goes as a whole, since its modules are needed as a whole. */
  readonly modulesMiB: number;
}

const MIB = 1024 ** 2;

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

/** Takes files out of the build cache until it keeps the limit. @returns bytes taken out */
async function trimBuild(folder: string, limit: number): Promise<number> {
  // Go renews a file's time when it uses it.
  const files = (await findFiles(folder)).sort((a, b) => a.changed - b.changed);
  const over = files.reduce((sum, { size: bytes }) => sum + bytes, 0) - limit;
  let taken = 0;
  for (const { file, size: bytes } of files) {
    if (taken >= over) break;
    await fs.promises.rm(file, { force: true });
    taken += bytes;
  }
  return taken;
}

/** Removes the module cache if it exceeds the limit. @returns bytes taken out */
async function trimModules(folder: string, limit: number): Promise<number> {
  const bytes = await bytesOf(folder);
  if (bytes <= limit) return 0;
  await removeFolder(folder);
  return bytes;
}

/**
 * Takes away what Go's caches hold over the limits. Both stay whole: what is missing is fetched or compiled again when needed.
 *
 * @param paths the air gap's folders.
 * @param limits the most each may hold.
 * @returns a sentence for each cache that was cut.
 */
export async function trimGoCaches(paths: AirgapPaths, limits: GoCacheLimits): Promise<string[]> {
  const taken = {
    "Go's build cache": await trimBuild(paths.goBuild, limits.buildMiB * MIB),
    "Go's module cache": await trimModules(paths.goModules, limits.modulesMiB * MIB),
  };
  return Object.entries(taken)
    .filter(([, bytes]) => bytes > 0)
    .map(([name, bytes]) => `Took ${size(bytes / MIB)} out of ${name}`);
}
