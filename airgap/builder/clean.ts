import * as fs from "node:fs";
import * as path from "node:path";
import { formatMebibytes } from "./checks";
import { bytesOf, removeFolder } from "./folders";
import type { ImageStore } from "./image-store";
import { endLeftovers, removeScratch } from "./leftovers";
import { takeLock } from "./lock";
import type { AirgapPaths } from "./paths";
import { readStamp } from "./stamp";
import type { Step } from "./step";

/** What is removed. */
export interface CleanOptions {
  readonly paths: AirgapPaths;
  /** All steps; with `all`, their images are removed. */
  readonly steps: readonly Step[];
  readonly images: ImageStore;
  /** Removes everything, including the images in the Docker engine; otherwise only what no tool needs. */
  readonly all: boolean;
  /** Called with each line to show. */
  readonly say: (line: string) => void;
}

/** Removes a folder. @returns its size in bytes. */
async function remove(folder: string): Promise<number> {
  const bytes = await bytesOf(folder);
  await removeFolder(folder);
  return bytes;
}

/**
 * Frees disk space: Go's caches, logs and leftovers; with `all` also every piece and its images. Waits for a build that is running.
 */
export async function clean({ paths, steps, images, all, say }: CleanOptions): Promise<void> {
  if (!fs.existsSync(paths.home)) {
    say(`Nothing to clean: ${paths.home} does not exist`);
    return;
  }
  const release = await takeLock(paths, { say, onLost: () => say("The lock was lost: another run may have started") });
  try {
    await endLeftovers(paths);
    await removeScratch(paths.scratch);
    let bytes = (await remove(path.dirname(paths.goBuild))) + (await remove(paths.logs));
    if (all) {
      const built = steps.flatMap((step) => readStamp(paths, step.name)?.images ?? []);
      // Images that are made from others are removed first, so that none is in use when its turn comes.
      await images.remove(built.map(({ tag }) => tag).reverse());
      // Stamps before what they describe, so that a kill leaves nothing that looks finished.
      bytes += await remove(paths.steps);
      for (const entry of fs.readdirSync(paths.home)) {
        const absolute = path.join(paths.home, entry);
        if (entry === "lock" || entry === "lock.json") continue;
        if (fs.lstatSync(absolute).isDirectory()) bytes += await remove(absolute);
        else fs.rmSync(absolute, { force: true });
      }
    }
    say(`Freed ${formatMebibytes(bytes / 1024 ** 2)} in ${paths.home}${all ? " and removed its images from the Docker engine" : ""}`);
  } finally {
    await release();
  }
}
