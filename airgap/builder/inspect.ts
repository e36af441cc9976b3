import * as fs from "node:fs";
import * as path from "node:path";
import type { ImageStore, StoredImage } from "./image-store";
import type { AirgapPaths } from "./paths";
import { readStamp, type Stamp } from "./stamp";
import type { Step } from "./step";

/**
 * The state of a step: `ready`; `missing` when it was never finished; `changed` when it was made from other inputs than those of now;
 * `damaged` when something that its stamp lists is missing; `unknown` when that cannot be told (the Docker engine does not answer).
 */
export type State = "ready" | "missing" | "changed" | "damaged" | "unknown";

/** A step and its state. */
export interface InspectedStep {
  readonly step: Step;
  /** The content hash that its stamp should have. */
  readonly hash: string;
  readonly state: State;
  /** Why it is not ready, in a few words. */
  readonly problem?: string;
  /** What was built last, if anything. */
  readonly stamp?: Stamp;
}

/** What is wrong with the first file of a stamp that is missing or has another size. */
function lostFile(paths: AirgapPaths, stamp: Stamp): string | undefined {
  for (const file of stamp.files) {
    const stat = fs.lstatSync(path.join(paths.home, file.path), { throwIfNoEntry: false });
    if (!stat) return `${file.path} is gone`;
    if (!stat.isSymbolicLink() && stat.size !== file.size) return `${file.path} has ${stat.size} bytes instead of ${file.size}`;
  }
  return undefined;
}

/** What is wrong with the first image of a stamp that is missing or has another id. */
function lostImage(images: ReadonlyMap<string, StoredImage>, stamp: Stamp): string | undefined {
  for (const image of stamp.images) {
    const found = images.get(image.tag);
    if (!found) return `image ${image.tag} is gone`;
    if (found.id !== image.id) return `image ${image.tag} is not the one that was built`;
  }
  return undefined;
}

/**
 * Finds out the states of steps. Changes nothing.
 *
 * @param steps the steps.
 * @param hashes content hash by step name.
 * @param paths the air gap's folders.
 * @param store the Docker engine's images; asked once, and not at all when no stamp lists any.
 */
export async function inspect(
  steps: readonly Step[],
  hashes: ReadonlyMap<string, string>,
  paths: AirgapPaths,
  store: ImageStore,
): Promise<InspectedStep[]> {
  const stamps = new Map(steps.map((step) => [step.name, readStamp(paths, step.name)]));
  const tags = steps.flatMap((step) => (stamps.get(step.name)?.images ?? []).map((image) => image.tag));
  const images = tags.length > 0 ? await store.find(tags) : new Map<string, StoredImage>();
  return Promise.all(
    steps.map(async (step): Promise<InspectedStep> => {
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
