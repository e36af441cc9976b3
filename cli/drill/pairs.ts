import { EXIT, MeshError } from "../../lib/errors";
import { orderedPairs } from "../../topology/pairs";
import type { Pair } from "./kinds";

/** A pair as `--pair` takes it: `west->east`, or `west:east`, which no shell takes for a redirection. @throws MeshError for anything else. */
export function parsePair(text: string): Pair {
  const [, from, to] = /^([^\s:>]+?)(?:->|:)([^\s:>]+)$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) return { from, to };
  const redirected = /^[^\s>]+-$/.test(text);
  throw new MeshError(
    "drill-pair",
    redirected ? `the shell took what follows "${text}" for the name of a file` : `"${text}" is not a pair of clusters`,
    `Write --pair ${redirected ? text.slice(0, -1) : "west"}:${redirected ? "…" : "east"}, or put the arrow in quotes: --pair "west->east".`,
    EXIT.unusable,
  );
}

/** The pairs to drill: those wanted, or every ordered pair. @throws MeshError when a cluster is unknown, or when there is no other cluster. */
export function pairsOf(keys: readonly string[], wanted: readonly Pair[]): Pair[] {
  if (keys.length < 2) {
    throw new MeshError("drill-one-cluster", `a drill needs two clusters, and there is ${keys.length === 1 ? `only ${keys[0]}` : "none"}`, "Name the stacks of the mesh: ./mesh drill west east", EXIT.unusable);
  }
  if (wanted.length === 0) return orderedPairs(keys);
  const unknown = wanted.flatMap(({ from, to }) => [from, to]).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new MeshError("drill-one-cluster", `there is no cluster "${unknown}" in the stacks named`, `There are: ${keys.join(", ")}.`, EXIT.unusable);
  const same = wanted.find(({ from, to }) => from === to);
  if (same !== undefined) throw new MeshError("drill-pair", `${same.from} cannot be drilled with itself`, "Name two different clusters.", EXIT.unusable);
  return wanted.filter((pair, index) => wanted.findIndex(({ from, to }) => from === pair.from && to === pair.to) === index);
}
