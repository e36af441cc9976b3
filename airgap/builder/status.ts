import * as path from "node:path";
import { z } from "zod";
import { size } from "./checks";
import type { Standing } from "./inspect";
import type { AirgapPaths } from "./paths";

/** One piece in `status --json`. */
const pieceSchema = z.object({
  name: z.string().describe('Unique; what `airgap build NAME` takes'),
  kind: z.enum(["binary", "chart", "file", "plugin", "engine", "image", "settings"]).describe("What sort of thing it is"),
  ready: z.boolean().describe("Whether it is there, whole, and made from what is wanted now"),
  state: z.enum(["ready", "missing", "changed", "damaged", "unknown"]).describe("How it stands"),
  problem: z.string().nullable().describe("Why it is not ready; null when it is"),
  version: z.string().describe("The wanted version"),
  source: z.string().describe("Where it comes from"),
  path: z.string().nullable().describe("Its first file or folder, absolute; else the tag of its first image; null when it makes neither"),
  outputs: z.array(z.string()).describe("All its files and folders, absolute"),
  images: z.array(z.object({ tag: z.string(), id: z.string().nullable() })).describe("Its images; id is null while not built"),
  sizeBytes: z.number().nullable().describe("Bytes of what was built, images with the layers that they share; null while not built"),
  seconds: z.number().nullable().describe("Seconds that building it took last; null while not built"),
  finished: z.string().nullable().describe("When it was built, ISO 8601; null while not built"),
});

/** What `status --json` prints. A field is only ever added; a change that breaks a reader raises `version`. */
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
 * @param standings how the steps stand.
 * @param paths the air gap's folders.
 */
export function statusOf(standings: readonly Standing[], paths: AirgapPaths): Status {
  const pieces = standings.map(({ step, state, problem, stamp }) => {
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
 * The status as a table for people, with a last line that sums it up.
 *
 * @param status what to show.
 */
export function statusTable(status: Status): string {
  const rows = status.pieces.map((piece) => [
    piece.name,
    piece.ready ? "ready" : `${piece.state}: ${piece.problem ?? ""}`,
    piece.version,
    piece.sizeBytes === null ? "-" : size(piece.sizeBytes / 1024 ** 2),
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
