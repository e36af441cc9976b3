import { meshMembers } from "../../outputs/peers";
import { formatPair, orderedPairs } from "../../topology/pairs";
import type { StackFacts } from "./facts";

/**
 * The pairs of clusters `from->to` that are wired and unwired. An `up` wires each of the stack's clusters with all others of the mesh
 * that are up.
 */
export function planPairs({ model, peers, previous }: Pick<StackFacts, "model" | "peers" | "previous">): { wired: string[]; unwired: string[] } {
  const before = previous?.pairs ?? [];
  const after = orderedPairs(meshMembers(model, peers))
    .filter(({ from }) => from.stack === undefined)
    .map(formatPair);
  return { wired: after.filter((pair) => !before.includes(pair)), unwired: before.filter((pair) => !after.includes(pair)) };
}
