import { type Command, InvalidArgumentError } from "commander";
import { EXIT, MeshError } from "../../lib/errors";
import type { Target } from "../verify/targets";

/** The options by which commands that look at a mesh are told which clusters it has, beside the names of stacks. */
export interface ClusterOptions {
  readonly context: readonly string[];
  readonly kubeconfig?: string;
}

/** Adds the options of {@link ClusterOptions} to a command. */
export function withClusterOptions(command: Command): Command {
  return command
    .option("--context <[name=]context>", "a cluster of a mesh that something else installed; may be repeated", collect, [])
    .option("--kubeconfig <file>", "where the contexts are; by default as kubectl finds them");
}

/**
 * The clusters of the contexts given, else those of the stacks, and what the command needs next.
 *
 * @param stacks names of stacks; `local` when there are none.
 * @param timeoutMs milliseconds after which a single request to a cluster is given up.
 * @param load loads what the command needs next, while Pulumi reads the stacks.
 * @throws MeshError when both were given, or for what is not there or not up: before anything is set up for it.
 */
export async function chooseTargets<Modules>(stacks: readonly string[], options: ClusterOptions, timeoutMs: number, load: () => Promise<Modules>): Promise<[Target[], Modules]> {
  const { context, kubeconfig } = options;
  if (stacks.length > 0 && context.length > 0) {
    throw new MeshError("wrong-usage", "stacks and --context were both given", "Name the stacks, or the contexts of a mesh that something else installed.", EXIT.unusable);
  }
  if (kubeconfig !== undefined && context.length === 0) {
    throw new MeshError("wrong-usage", "--kubeconfig was given without --context", "Name a context for each cluster: --context west=kind-west.", EXIT.unusable);
  }
  if (context.length > 0) {
    const { targetsFromContexts } = await import("../verify/targets.js");
    return [targetsFromContexts(context, kubeconfig, timeoutMs), await load()];
  }
  const named = stacks.length > 0 ? stacks : ["local"];
  const { requireUp } = await import("../verify/up-stacks.js");
  requireUp(named);
  const { targetsFromStacks } = await import("../verify/stacks.js");
  return [await targetsFromStacks(named, timeoutMs, process.env, load), await load()];
}

/** Parses an option that may be repeated. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** Parses a number of seconds. */
export function seconds(value: string): number {
  const parsed = Number(value);
  if (!Number.isFinite(parsed) || parsed <= 0) throw new InvalidArgumentError("It takes a number of seconds above 0.");
  return parsed;
}
