import type { MeshModel } from "../model";
import type { Problem } from "../problems";
import type { Settings } from "../schema";

/** What a check looks at. */
export interface CheckContext {
  /** What was set, with the defaults that do not depend on other settings. */
  readonly settings: Settings;
  /** The model that follows from the settings. */
  readonly model: MeshModel;
  /** Name of the stack. */
  readonly stack: string;
  /** Name of the project. */
  readonly project: string;
  /** Whether a file or folder exists, by its path from the project's folder. */
  readonly exists: (path: string) => boolean;
  /** Keys of the clusters in the settings of a stack of this project; undefined when they cannot be read here. */
  readonly clustersOf: (stack: string) => readonly string[] | undefined;
}

/** Compares settings with each other, and returns what is wrong. */
export type Check = (context: CheckContext) => Problem[];
