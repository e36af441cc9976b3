import type { Category } from "../cli/verify/finding";
import type { VerifyReport } from "../cli/verify/report/json";
import { verify as verifyTargets } from "../cli/verify/run";
import { targetsFromStacks } from "../cli/verify/stacks";
import { targetsFromKubeconfigs } from "../cli/verify/targets";
import { environmentOf, type StacksOptions } from "./where";

/** Milliseconds after which a single request to a cluster is given up. */
const REQUEST_MS = 5_000;

export interface VerifyOptions extends Partial<StacksOptions> {
  /** The kubeconfigs of a mesh's clusters, by any name, whatever installed the mesh. Instead of `stacks`. */
  readonly clusters?: Readonly<Record<string, string>>;
  /** The categories to report. Default: all. */
  readonly only?: readonly Category[];
  /** Whether test workloads send requests between the clusters, in a namespace that is removed afterwards. Default: true. */
  readonly traffic?: boolean;
  /** Seconds that the requests between the clusters may take to succeed. Default: 15. */
  readonly timeoutSeconds?: number;
  /** Ends the run early; what it created is removed first. Default: nothing does. */
  readonly signal?: AbortSignal;
  /** Called with a line for each thing that is done. Default: nothing is called. */
  readonly progress?: (line: string) => void;
}

/**
 * Checks a mesh from every cluster to every other: what `./mesh verify` does. It takes the clusters of stacks, for which `pulumi` has to be on `PATH`,
 * or kubeconfigs, for which no program is needed.
 *
 * @returns the findings; `exitCode` is 0 when the mesh works
 * @throws MeshError when a stack is not up
 * @throws TypeError when both of `stacks` and `clusters` are given, or neither is
 */
export async function verify(options: VerifyOptions): Promise<VerifyReport> {
  const { stacks, clusters, only, traffic = true, timeoutSeconds = 15, signal = new AbortController().signal, progress = () => undefined } = options;
  if ((stacks === undefined) === (clusters === undefined)) throw new TypeError("verify: give either `stacks` or `clusters`");
  const targets = clusters ? targetsFromKubeconfigs(Object.entries(clusters), REQUEST_MS) : await targetsFromStacks(stacks ?? [], REQUEST_MS, environmentOf(options));
  return verifyTargets(targets, { ...(only ? { only } : {}), traffic, trafficTimeoutMs: timeoutSeconds * 1000, signal, progress });
}
