import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { writeAtomically } from "./files";
import type { AirgapPaths } from "./paths";

const stampSchema = z.object({
  schema: z.literal(1),
  name: z.string(),
  hash: z.string(),
  version: z.string(),
  source: z.string(),
  finished: z.string(),
  seconds: z.number(),
  files: z.array(z.object({ path: z.string(), size: z.number() })),
  images: z.array(z.object({ tag: z.string(), id: z.string(), size: z.number() })),
});

/**
 * The record of a finished step: what it was made from (`hash`), when and in how many `seconds`, every file with its path relative to
 * the home and its size in bytes, and every image with its id in the engine and its size in bytes. It is written last, so that a stamp
 * means that the step is finished.
 */
export type Stamp = z.infer<typeof stampSchema>;

/** The file that holds a step's stamp. */
function stampFile(paths: AirgapPaths, name: string): string {
  return path.join(paths.steps, `${name}.json`);
}

/**
 * Reads a step's stamp.
 *
 * @returns the stamp; `undefined` when there is none or it cannot be read (the step then counts as never built).
 */
export function readStamp(paths: AirgapPaths, name: string): Stamp | undefined {
  try {
    return stampSchema.parse(JSON.parse(fs.readFileSync(stampFile(paths, name), "utf8")));
  } catch {
    return undefined;
  }
}

/** Writes a step's stamp. */
export function writeStamp(paths: AirgapPaths, stamp: Stamp): void {
  writeAtomically(stampFile(paths, stamp.name), `${JSON.stringify(stamp, undefined, 2)}\n`);
}

/** Removes a step's stamp, so that the step does not count as finished while its outputs change. */
export function removeStamp(paths: AirgapPaths, name: string): void {
  fs.rmSync(stampFile(paths, name), { force: true });
}
