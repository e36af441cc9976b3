import { MeshError } from "../lib/errors";
import { isTree } from "../lib/merge";
import { parseSettings } from "./config";
import { readSettingsFiles } from "./files";
import type { MeshModel } from "./model";
import { decodeConfig, overlay, refuseSecrets, type StackConfig } from "./raw";

/** What a stack's settings are read from. */
export interface StackSources {
  /** Name of the stack. */
  readonly stack: string;
  /** Name of the project. */
  readonly project: string;
  /** The stack's configuration, all namespaces. */
  readonly config: StackConfig;
  /** Keys of `config` whose values are encrypted. */
  readonly secretKeys: readonly string[];
  /** The value of USMESH_SETTINGS: paths of settings files; undefined when it is not set. */
  readonly files: string | undefined;
  /** Contents, by path, of settings files that are not written yet. Default: none. */
  readonly pending?: Readonly<Record<string, unknown>>;
  /** Whether a file or folder exists, by its path from the project's folder. */
  readonly exists: (path: string) => boolean;
  /** The configuration in the file of another stack of the project; undefined when there is no such file. Default: there are none. */
  readonly configOf?: (stack: string) => Readonly<Record<string, unknown>> | undefined;
}

/**
 * The mesh that a stack's settings describe: its configuration with the settings files over it, checked and completed. The program
 * and the command line both read settings with this function, so that they agree on what is wrong.
 * @throws UserError with everything that is wrong
 */
export function readStackSettings(sources: StackSources): MeshModel {
  const { stack, project, exists } = sources;
  refuseSecrets(configuredKeys(sources.config), sources.secretKeys, stack);
  const raw = overlay(decodeConfig(sources.config), readSettingsFiles(sources.files, stack, sources.pending));
  return parseSettings(raw, { stack, project, exists, clustersOf: (other) => clustersOf(other, sources) });
}

/** The keys of settings that are set: Pulumi passes the defaults in Pulumi.yaml, which are empty, as if they were set. */
function configuredKeys(config: StackConfig): string[] {
  return Object.keys(config).filter((key) => config[key] !== "{}");
}

/** Keys of the clusters in another stack's settings; undefined when it has no file, or one that cannot be read: its own `up` says why. */
function clustersOf(stack: string, { configOf, files, pending }: StackSources): string[] | undefined {
  try {
    const config = configOf?.(stack);
    if (config === undefined) return undefined;
    const { clusters } = overlay({ clusters: config["usmesh:clusters"] }, readSettingsFiles(files, stack, pending));
    return isTree(clusters) ? Object.keys(clusters) : undefined;
  } catch (error) {
    if (error instanceof MeshError) return undefined;
    throw error;
  }
}
