import type { Peer } from "../../outputs/peers";
import type { MeshModel } from "../../settings/model";
import type { PreviousOutputs } from "./preview";
import type { Resource } from "./resources";

/** Everything that a stack's plan is made from. */
export interface StackFacts {
  readonly stack: string;
  /** What its settings ask for. */
  readonly model: MeshModel;
  /** The outputs of its last `up`; undefined when nothing of it is up. */
  readonly previous: PreviousOutputs | undefined;
  /** Its resources, changed or not; undefined when it cannot be previewed before something else is up. */
  readonly resources: readonly Resource[] | undefined;
  readonly peers: readonly Peer[];
  /** What the program warned of. */
  readonly warnings: readonly string[];
}
