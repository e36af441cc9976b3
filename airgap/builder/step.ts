import type { AirgapPaths } from "./paths";

/** A value that JSON can hold; what a step's recipe is made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What sort of thing a step makes; `status` groups by it. */
export type StepKind = "binary" | "chart" | "file" | "plugin" | "engine" | "image" | "settings";

/**
 * What a step keeps busy. One step of a lane runs at a time, the two lanes run side by side: `processor` for steps that use every
 * core (Go builds), `light` for those that mostly wait for the network, the disk or the Docker engine.
 */
export type Lane = "processor" | "light";

/** What building a step costs, measured on 2 cores with empty caches; the forecast and the checks before a build add these up. */
export interface Cost {
  /** Seconds. */
  readonly seconds: number;
  /** Disk in MiB that the outputs take (Go's caches are counted apart). */
  readonly diskMiB: number;
  /** Disk in MiB that it adds to Go's caches, freed in the end; none unless given. */
  readonly cacheMiB?: number;
  /** Memory in MiB at the worst moment. */
  readonly memoryMiB: number;
}

/** How a command of a step is run. */
export interface RunOptions {
  /** Working folder; the step's scratch folder unless given. */
  readonly cwd?: string;
  /** Variables put over the process's environment; `undefined` takes one away. */
  readonly env?: NodeJS.ProcessEnv;
  /** Text for standard input; closed at once unless given. */
  readonly input?: string;
  /** File whose content becomes standard input; instead of {@link input}. */
  readonly inputFile?: string;
  /** File that standard output is written to; `run` then returns an empty string. */
  readonly outputFile?: string;
}

/** What a step is given when it is built. */
export interface StepContext {
  /** The air gap's folders. */
  readonly paths: AirgapPaths;
  /** The repository's root. */
  readonly repository: string;
  /** An empty folder of the step's own on the same file system as its outputs; removed afterwards. */
  readonly scratch: string;
  /** Aborted when the build is interrupted; `run` already heeds it. */
  readonly signal: AbortSignal;
  /** Writes a line to the step's log; the last one is shown beside the running step. */
  readonly log: (line: string) => void;
  /**
   * Runs a command with {@link AirgapPaths.bin} in front of `PATH`; what it prints goes to the step's log.
   *
   * @returns standard output without the final newline.
   * @throws Error naming the command and its exit code or signal; or that the build was interrupted.
   */
  readonly run: (command: string, args: readonly string[], options?: RunOptions) => Promise<string>;
  /**
   * Moves a finished file or folder to its place: flushed to disk first, then renamed, so that a kill leaves the old one, the new
   * one or none, but never half of one.
   *
   * @param from absolute path, on the same file system as the home (in {@link scratch}).
   * @param to one of the step's outputs, relative to the home.
   */
  readonly publish: (from: string, to: string) => Promise<void>;
}

/**
 * One piece of the air gap and how it is made. A step is built when its content hash differs from the one in its stamp, or when
 * something that the stamp lists is no longer there. The hash covers {@link inputs}, {@link recipe}, version, outputs, images and
 * the hashes of the steps in {@link needs}.
 */
export interface Step {
  /** Unique, kebab-case; names the stamp and the log. */
  readonly name: string;
  /** What it makes. */
  readonly kind: StepKind;
  /** The pinned version of what is made. */
  readonly version: string;
  /** Where it comes from, as a person would say it, for example `go module k8s.io/kubernetes v1.34.4`. */
  readonly source: string;
  /** Names of the steps that it is made of. */
  readonly needs: readonly string[];
  /** Files and folders of the repository that decide the result, relative to its root; folders count with all that they hold. */
  readonly inputs: readonly string[];
  /** Everything else that decides the result: arguments, flags, pins, texts. */
  readonly recipe: Json;
  /** Files and folders that it makes, relative to the home. */
  readonly outputs: readonly string[];
  /** Tags of the images that it makes in the Docker engine; the stamp holds their ids. None unless given. */
  readonly images?: readonly string[];
  /** What building it costs. */
  readonly cost: Cost;
  /** What it keeps busy while it is built. */
  readonly lane: Lane;
  /**
   * Commands of the machine that must be on `PATH` to build it, asked for before the build begins: a name, a name and the least
   * version that `NAME version` may print, as in `go>=1.26`, or a name and a part of it that has to work, as in `python3 -m pip`. None
   * unless given.
   */
  readonly tools?: readonly string[];
  /**
   * Asks whether what the stamp says still holds, where files and image ids do not tell (for example that the Docker engine
   * answers). Quick: it runs at every start. Always fine unless given.
   *
   * @param paths the air gap's folders.
   * @returns what is wrong, in a few words; `undefined` when all is well.
   */
  check?(paths: AirgapPaths): Promise<string | undefined>;
  /**
   * Fetches what {@link build} will need from the network. Runs while other steps are built, at most once a build; failing is no
   * error, since `build` fetches whatever is still missing.
   */
  prefetch?(context: StepContext): Promise<void>;
  /**
   * Makes the outputs and images. May be killed at any moment and must then be able to start again.
   *
   * @throws Error when it cannot be made.
   */
  build(context: StepContext): Promise<void>;
}
