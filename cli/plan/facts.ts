import type { MeshModel } from "../../settings/model";
import { meshMembers, type Peer } from "../../outputs/peers";
import { formatPair, orderedPairs } from "../../topology/pairs";
import type { Change, Standing } from "./preview";

/** Everything that a stack's plan is made from. */
export interface StackFacts {
  readonly stack: string;
  /** What its settings ask for. */
  readonly model: MeshModel;
  /** What its last `up` left; undefined when nothing of it is up. */
  readonly standing: Standing | undefined;
  /** What `up` would change; undefined when that cannot be previewed before something else is up. */
  readonly changes: readonly Change[] | undefined;
  readonly peers: readonly Peer[];
  /** What the program warned of. */
  readonly warnings: readonly string[];
}

/** The pairs `from->to` that an `up` wires now: from each of the stack's clusters to all others of the mesh that are up. */
export function wantedPairs({ model, peers }: Pick<StackFacts, "model" | "peers">): string[] {
  return orderedPairs(meshMembers(model, peers))
    .filter(({ from }) => from.stack === undefined)
    .map(formatPair);
}

/** The cluster in the name of a resource that is called `KEY-suffix`; undefined for any other. */
export function keyIn(name: string, suffix: string): string | undefined {
  return name.endsWith(`-${suffix}`) ? name.slice(0, -suffix.length - 1) : undefined;
}
