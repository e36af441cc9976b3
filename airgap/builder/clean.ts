import * as fs from "node:fs";
import { size } from "./checks";
import { filesOf } from "./files";
import { removeReadOnly } from "./go-caches";
import type { ImageStore } from "./image-store";
import { endLeftovers, removeScratch } from "./leftovers";
import { takeLock } from "./lock";
import type { AirgapPaths } from "./paths";
import { readStamp } from "./stamp";
import type { Step } from "./step";
import * as path from "node:path";

/** What is cleaned, and how far. */
export interface CleanOptions {
  readonly paths: AirgapPaths;
  /** All steps; their images are removed with `all`. */
  readonly steps: readonly Step[];
  readonly images: ImageStore;
  /** Takes everything away, images of the Docker engine too; else only what no tool needs. */
  readonly all: boolean;
  /** Takes what there is to say. */
  readonly say: (line: string) => void;
}

/** Removes a folder. @returns its bytes. */
function remove(folder: string): number {
  if (!fs.existsSync(folder)) return 0;
  const bytes = filesOf(folder, ".").reduce((sum, file) => sum + file.size, 0);
  removeReadOnly(folder);
  return bytes;
}

/**
 * Frees space: Go's caches, logs and leftovers; with `all` every piece and its images as well. Waits for a build that is under way.
 */
export async function clean({ paths, steps, images, all, say }: CleanOptions): Promise<void> {
  if (!fs.existsSync(paths.home)) {
    say(`Nothing to clean: ${paths.home} does not exist`);
    return;
  }
  const release = await takeLock(paths, { say, onLost: () => say("The lock was lost: another run may have begun") });
  try {
    await endLeftovers(paths);
    removeScratch(paths.scratch);
    let bytes = remove(path.dirname(paths.goBuild)) + remove(paths.logs);
    if (all) {
      const built = steps.flatMap((step) => readStamp(paths, step.name)?.images ?? []);
      // The ones made of others go first, so that none is still in use when its turn comes.
      await images.remove(built.map(({ tag }) => tag).reverse());
      // Stamps before what they stand for, so that a kill leaves nothing that looks finished.
      bytes += remove(paths.steps);
      for (const entry of fs.readdirSync(paths.home)) {
        const absolute = path.join(paths.home, entry);
        if (entry === "lock" || entry === "lock.json") continue;
        if (fs.lstatSync(absolute).isDirectory()) bytes += remove(absolute);
        else fs.rmSync(absolute, { force: true });
      }
    }
    say(`Freed ${size(bytes / 1024 ** 2)} in ${paths.home}${all ? " and removed its images from the Docker engine" : ""}`);
  } finally {
    await release();
  }
}
