import * as fs from "node:fs";
import * as path from "node:path";
import type { ImageStore, StoredImage } from "./image-store";
import type { AirgapPaths } from "./paths";
import { readStamp, type Stamp } from "./stamp";
import type { Step } from "./step";

/**
 * How a step stands: `ready` needs nothing; `missing` was never finished; `changed` was made from something else than is wanted
 * now; `damaged` lacks something that its stamp lists; `unknown` could not be asked (the Docker engine does not answer).
 */
export type State = "ready" | "missing" | "changed" | "damaged" | "unknown";

/** A step and how it stands. */
export interface Standing {
  readonly step: Step;
  /** The content hash that is wanted. */
  readonly hash: string;
  readonly state: State;
  /** Why it is not ready, in a few words. */
  readonly problem?: string;
  /** What was built last, if it was. */
  readonly stamp?: Stamp;
}

/** The first file of a stamp that is gone or has another size. */
function lostFile(paths: AirgapPaths, stamp: Stamp): string | undefined {
  for (const file of stamp.files) {
    const stat = fs.lstatSync(path.join(paths.home, file.path), { throwIfNoEntry: false });
    if (!stat) return `${file.path} is gone`;
    if (!stat.isSymbolicLink() && stat.size !== file.size) return `${file.path} has ${stat.size} bytes instead of ${file.size}`;
  }
  return undefined;
}

/** The first image of a stamp that is gone or is another. */
function lostImage(images: ReadonlyMap<string, StoredImage>, stamp: Stamp): string | undefined {
  for (const image of stamp.images) {
    const found = images.get(image.tag);
    if (!found) return `image ${image.tag} is gone`;
    if (found.id !== image.id) return `image ${image.tag} is another than was built`;
  }
  return undefined;
}

/**
 * Finds out how steps stand, changing nothing.
 *
 * @param steps the steps to look at.
 * @param hashes wanted hash by step name.
 * @param paths the air gap's folders.
 * @param store the Docker engine's images; asked once, and not at all when no step makes any.
 */
export async function inspect(
  steps: readonly Step[],
  hashes: ReadonlyMap<string, string>,
  paths: AirgapPaths,
  store: ImageStore,
): Promise<Standing[]> {
  const stamps = new Map(steps.map((step) => [step.name, readStamp(paths, step.name)]));
  const tags = steps.flatMap((step) => (stamps.get(step.name)?.images ?? []).map((image) => image.tag));
  const images = tags.length > 0 ? await store.find(tags) : new Map<string, StoredImage>();
  return Promise.all(
    steps.map(async (step): Promise<Standing> => {
      const hash = hashes.get(step.name) ?? "";
      const stamp = stamps.get(step.name);
      if (!stamp) return { step, hash, state: "missing", problem: "not built yet" };
      if (stamp.hash !== hash) return { step, hash, stamp, state: "changed", problem: "its pin, sources or recipe changed" };
      const file = lostFile(paths, stamp);
      if (file) return { step, hash, stamp, state: "damaged", problem: file };
      if (stamp.images.length > 0) {
        if (!images) return { step, hash, stamp, state: "unknown", problem: "the Docker engine does not answer" };
        const image = lostImage(images, stamp);
        if (image) return { step, hash, stamp, state: "damaged", problem: image };
      }
      const wrong = await step.check?.(paths);
      if (wrong) return { step, hash, stamp, state: "damaged", problem: wrong };
      return { step, hash, stamp, state: "ready" };
    }),
  );
}
