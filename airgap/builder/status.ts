import * as path from "node:path";
import { z } from "zod";
import { formatMebibytes } from "./checks";
import type { InspectedStep } from "./inspect";
import type { AirgapPaths } from "./paths";

/** One piece in `status --json`. */
const pieceSchema = z.object({
  name: z.string().describe('Unique; the argument of `airgap build`'),
  kind: z.enum(["binary", "chart", "file", "plugin", "engine", "image", "settings"]).describe("What it is"),
  ready: z.boolean().describe("Whether it exists, is complete, and was made from the inputs of now"),
  state: z.enum(["ready", "missing", "changed", "damaged", "unknown"]).describe("Its state"),
  problem: z.string().nullable().describe("Why it is not ready; null when it is"),
  version: z.string().describe("The pinned version"),
  source: z.string().describe("Where it comes from"),
  path: z.string().nullable().describe("Its first file or folder, absolute, or the tag of its first image; null when it has neither"),
  outputs: z.array(z.string()).describe("All its files and folders, absolute"),
  images: z.array(z.object({ tag: z.string(), id: z.string().nullable() })).describe("Its images; id is null while not built"),
  sizeBytes: z.number().nullable().describe("Size in bytes, images with the layers that they share; null while not built"),
  seconds: z.number().nullable().describe("Seconds that the last build of it took; null while not built"),
  finished: z.string().nullable().describe("When it was built, ISO 8601; null while not built"),
});

/** What `status --json` prints. Fields are only added; a change that breaks readers raises `version`. */
export const statusSchema = z.object({
  version: z.literal(1).describe("Version of this schema"),
  home: z.string().describe("The cache folder, absolute"),
  ready: z.boolean().describe("Whether every piece is ready"),
  pieces: z.array(pieceSchema),
});

/** See {@link statusSchema}. */
export type Status = z.infer<typeof statusSchema>;

/**
 * The status of all pieces.
 *
 * @param inspected the steps and their states.
 * @param paths the air gap's folders.
 */
export function statusOf(inspected: readonly InspectedStep[], paths: AirgapPaths): Status {
  const pieces = inspected.map(({ step, state, problem, stamp }) => {
    const outputs = step.outputs.map((output) => path.join(paths.home, output));
    const images = (step.images ?? []).map((tag) => ({ tag, id: stamp?.images.find((image) => image.tag === tag)?.id ?? null }));
    const parts = stamp ? [...stamp.files, ...stamp.images] : [];
    return {
      name: step.name,
      kind: step.kind,
      ready: state === "ready",
      state,
      problem: problem ?? null,
      version: step.version,
      source: step.source,
      path: outputs[0] ?? images[0]?.tag ?? null,
      outputs,
      images,
      sizeBytes: stamp ? parts.reduce((sum, part) => sum + part.size, 0) : null,
      seconds: stamp?.seconds ?? null,
      finished: stamp?.finished ?? null,
    };
  });
  return { version: 1, home: paths.home, ready: pieces.every(({ ready }) => ready), pieces };
}

/**
 * The status as a table for people, with a summary as its last line.
 *
 * @param status the status.
 */
export function statusTable(status: Status): string {
  const rows = status.pieces.map((piece) => [
    piece.name,
    piece.ready ? "ready" : `${piece.state}: ${piece.problem ?? ""}`,
    piece.version,
    piece.sizeBytes === null ? "-" : formatMebibytes(piece.sizeBytes / 1024 ** 2),
    piece.seconds === null ? "-" : `${Math.round(piece.seconds)} s`,
    piece.source,
  ]);
  const all = [["PIECE", "STATE", "VERSION", "SIZE", "BUILT IN", "FROM"], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd());
  const ready = status.pieces.filter((piece) => piece.ready).length;
  const seconds = status.pieces.reduce((sum, piece) => sum + (piece.seconds ?? 0), 0);
  return [...lines, "", `${ready} of ${status.pieces.length} ready, built in ${Math.round(seconds)} s, in ${status.home}`].join("\n");
}
