import type { ChildProcess } from "node:child_process";

/** How much of the output is kept. */
const KEPT_CHARACTERS = 20_000;

/** Keeps what a child prints, to show it when something fails; the last of it where that is much. Its output has to be piped. */
export function keepOutput(child: ChildProcess): () => string {
  let kept = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => (kept = (kept + chunk.toString()).slice(-KEPT_CHARACTERS)));
  }
  return () => kept;
}
