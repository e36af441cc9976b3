import { EXIT, MeshError } from "../../lib/errors";
import { clusterOutputs, type MeshOutputs } from "../../outputs/contract";
import type { ClusterModel, IstioModel } from "../../settings/model";
import type { PulumiCommands } from "../lib/pulumi";
import { say } from "../lib/say";
import { openSession, pulumiOf, type Session } from "../lib/session";
import { setUp } from "../lib/set-up";
import { kubeconfigsByCluster } from "../lib/state";
import type { StackModel } from "../up/order";
import { bringUp, readStacks } from "../up/up";
import { verify } from "../verify/run";
import { targetsFromKubeconfigs, type Target } from "../verify/targets";
import { look } from "./look";
import type { Wanted } from "./next";
import { restartWorkloads } from "./workloads";

/** Milliseconds after which one request to an API server is given up. */
const REQUEST_MS = 10_000;

/** What `./mesh upgrade` is asked to do. */
export interface UpgradeOptions {
  /** The version to upgrade to; undefined: that of `istio.version`, or of the upgrade that is under way. */
  readonly to?: Partial<Wanted>;
  /** Keys of the clusters to upgrade; empty: all of the stacks. */
  readonly clusters: readonly string[];
  /** Namespaces that are restarted before all others. */
  readonly first: readonly string[];
  readonly rollback: boolean;
  readonly signal: AbortSignal;
  /** The user's environment. Default: the process's own. */
  readonly env?: NodeJS.ProcessEnv;
}

/** What a run is made of; tests replace some of it. */
export const PARTS = { openSession, setUp, pulumiOf: (session: Session): PulumiCommands => pulumiOf(session, true), readStacks, bringUp, look, verify, restartWorkloads, targetsFromKubeconfigs, say, now: (): number => Date.now() };
export type Parts = typeof PARTS;

/** What one run works with. */
export interface Run {
  readonly session: Session;
  readonly pulumi: PulumiCommands;
  readonly options: UpgradeOptions;
  readonly parts: Parts;
  /** By cluster key, of the named stacks and of their peers that are up. */
  readonly targets: ReadonlyMap<string, Target>;
}

/** A cluster's settings, and what its stack has of Istio. */
interface Settings {
  readonly cluster: ClusterModel;
  readonly istio: IstioModel;
}

/** What the settings say of a cluster now. */
export function settingsOf({ session, parts }: Run, stack: string, key: string): Settings {
  const model = parts.readStacks(session, [stack])[0]?.model;
  const cluster = model?.clusters.find((one) => one.key === key);
  if (model === undefined || cluster === undefined) throw new Error(`stack ${stack} has no cluster ${key}`);
  return { cluster, istio: model.istio };
}

/** What the last `up` of a stack that ended exported of its clusters. */
export async function outputsOf({ pulumi }: Run, stack: string): Promise<MeshOutputs["clusters"]> {
  const { clusters = {} } = ((await pulumi.outputs(stack)) ?? {}) as { clusters?: Record<string, unknown> };
  return Object.fromEntries(Object.entries(clusters).flatMap(([key, value]) => {
    const parsed = clusterOutputs.safeParse(value);
    return parsed.success ? [[key, parsed.data]] : [];
  }));
}

/** Access to a cluster. @throws MeshError when it is not up */
export function targetOf({ targets }: Run, key: string): Target {
  const target = targets.get(key);
  if (target === undefined) throw new MeshError("stack-not-up", `cluster ${key} is not up`, "Bring its stack up first: ./mesh up", EXIT.unusable);
  return target;
}

/** The clusters of the stacks, and of their peers that are up: a check sees the whole mesh. */
export async function targetsOf(stacks: readonly StackModel[], pulumi: PulumiCommands, parts: Parts): Promise<Map<string, Target>> {
  const known = await pulumi.list();
  const all = [...new Set(stacks.flatMap(({ stack, peers }) => [stack, ...peers]))].filter((stack) => known.includes(stack));
  const kubeconfigs = await Promise.all(all.map(async (stack) => Object.entries(kubeconfigsByCluster((await pulumi.export(stack, { showSecrets: true })).deployment))));
  return new Map(parts.targetsFromKubeconfigs(kubeconfigs.flat(), REQUEST_MS).map((target) => [target.key, target]));
}
