import type { AirgapPaths } from "./paths";

/** A value that can be written as JSON; a step's recipe is one. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a step makes. */
export type StepKind = "binary" | "chart" | "file" | "plugin" | "engine" | "image" | "settings";

/**
 * What a step keeps busy: `processor` for steps that use every core (Go builds), `light` for those that mostly wait for the network, the
 * disk or the Docker engine. One step of each lane runs at a time, and the two lanes run in parallel.
 */
export type Lane = "processor" | "light";

/** What building a step costs, measured on 2 cores with empty caches; the forecast and the checks before a build use the sums. */
export interface Cost {
  /** Seconds. */
  readonly seconds: number;
  /** Disk in MiB that the outputs take, without Go's caches. */
  readonly diskMiB: number;
  /** Disk in MiB that it adds to Go's caches, which are cut at the end of a build; none unless given. */
  readonly cacheMiB?: number;
  /** Peak memory in MiB. */
  readonly memoryMiB: number;
}

/** How a command of a step is run. */
export interface RunOptions {
  /** Working folder; the step's scratch folder unless given. */
  readonly cwd?: string;
  /** Variables to set in the process's environment; `undefined` removes one. */
  readonly env?: NodeJS.ProcessEnv;
  /** Text for standard input; closed at once unless given. */
  readonly input?: string;
  /** File to read standard input from, instead of {@link input}. */
  readonly inputFile?: string;
  /** File to write standard output to; `run` then returns an empty string. */
  readonly outputFile?: string;
}

/** What a step is given when it is built. */
export interface StepContext {
  /** The air gap's folders. */
  readonly paths: AirgapPaths;
  /** The repository's root. */
  readonly repository: string;
  /** An empty folder for this step, on the same file system as its outputs; removed afterwards. */
  readonly scratch: string;
  /** Aborted when the build is interrupted; `run` then ends its command. */
  readonly signal: AbortSignal;
  /** Writes a line to the step's log; the last one is shown beside the running step. */
  readonly log: (line: string) => void;
  /**
   * Runs a command with {@link AirgapPaths.bin} in front of `PATH`; its output goes to the step's log.
   *
   * @returns standard output without the final newline.
   * @throws Error that names the command and its exit code or signal, or says that the build was interrupted.
   */
  readonly run: (command: string, args: readonly string[], options?: RunOptions) => Promise<string>;
  /**
   * Moves a finished file or folder to its place: it is flushed to disk and then renamed, so that a kill leaves the old one, the new one
   * or none, but never an incomplete one.
   *
   * @param from absolute path, on the same file system as the home (in {@link scratch}).
   * @param to one of the step's outputs, relative to the home.
   */
  readonly publish: (from: string, to: string) => Promise<void>;
}

/**
 * One piece of the air gap and how it is built. A step is built when its content hash differs from the one in its stamp, or when
 * something that the stamp lists is missing. The hash covers {@link inputs}, {@link recipe}, version, outputs, images and
 * the hashes of the steps in {@link needs}.
 */
export interface Step {
  /** Unique, kebab-case; names the stamp and the log. */
  readonly name: string;
  /** What it makes. */
  readonly kind: StepKind;
  /** Whether it is built only when it is named: a command that needs every piece of its kind does not need this one. Default: false. */
  readonly optional?: boolean;
  /** The pinned version of what it makes. */
  readonly version: string;
  /** Where it comes from, for people, for example `go module k8s.io/kubernetes v1.34.4`. */
  readonly source: string;
  /** Names of the steps that it is made from. */
  readonly needs: readonly string[];
  /** Files and folders of the repository that determine the result, relative to its root; folders with all their content. */
  readonly inputs: readonly string[];
  /** Everything else that determines the result: arguments, flags, pins, texts. */
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
   * Commands of the machine that must be on `PATH` to build it, checked before the build starts: a name; a name and the minimum version
   * that `NAME version` prints, as in `go>=1.26`; or a name and a part of it that has to work, as in `python3 -m pip`. None unless given.
   */
  readonly tools?: readonly string[];
  /**
   * Checks what files and image ids do not show (for example that the Docker engine answers). It has to be quick, since it runs at
   * every start. Nothing is checked unless given.
   *
   * @param paths the air gap's folders.
   * @returns what is wrong, in a few words; `undefined` when nothing is.
   */
  check?(paths: AirgapPaths): Promise<string | undefined>;
  /**
   * Fetches what {@link build} will need from the network. Runs while other steps are built, at most once for each build. A failure is
   * ignored, since `build` fetches what is still missing.
   */
  prefetch?(context: StepContext): Promise<void>;
  /**
   * Makes the outputs and images. It may be killed at any moment and must then be able to start again.
   *
   * @throws Error when that fails.
   */
  build(context: StepContext): Promise<void>;
}
