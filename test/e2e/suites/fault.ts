import type { Target } from "../../../cli/verify/targets";

/** Something that goes wrong in a mesh. */
export interface Fault {
  readonly name: string;
  /** Makes it go wrong, and returns what fixes it. */
  inject(): Promise<() => Promise<void>>;
  /** The findings that must name it, as `check cluster peer`; the first one's remedy is looked at. */
  readonly named: readonly string[];
  /** What may fail because of it. */
  readonly consequences?: readonly string[];
  readonly remedy: RegExp;
  /** Whether it can be seen only with requests. */
  readonly traffic?: boolean;
  /** Other targets than the mesh's own clusters. */
  targets?(): Promise<Target[]>;
}
