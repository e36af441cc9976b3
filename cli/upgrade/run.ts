import { EXIT, MeshError } from "../../lib/errors";
import { clusterOutputs, type MeshOutputs } from "../../outputs/contract";
import type { ClusterModel } from "../../settings/model";
import { say } from "../lib/say";
import { pulumiOf, openSession, type Session } from "../lib/session";
import { setUp } from "../lib/set-up";
import { kubeconfigsByCluster } from "../lib/state";
import type { PulumiCommands } from "../lib/pulumi";
import { planUpgrades, upgradeText as planLine } from "../plan/upgrades";
import type { StackModel } from "../up/order";
import { upNeeds } from "../up/run";
import { bringUp, readStacks } from "../up/up";
import { verify } from "../verify/run";
import { targetsFromKubeconfigs, type Target } from "../verify/targets";
import { requireAmong } from "../verify/up-stacks";
import { beforeOf, refuseByRules, refuseNothing, refuseOldProxies } from "./guard";
import { look } from "./look";
import { nextAction, wouldBeInPlace, type Action, type Change, type Goal, type Wanted } from "./next";
import { UPGRADE_VERSION, type ClusterReport, type UpgradeReport } from "./report";
import { changed, istioIn, withIstio } from "./settings";
import { restartWorkloads } from "./workloads";

/** Milliseconds after which one request to an API server is given up, and that requests between clusters may take to succeed. */
const REQUEST_MS = 10_000;
const TRAFFIC_MS = 30_000;

/** How often a check that is not green is repeated: what was just changed needs a moment. */
const CHECKS = 3;

/** What `./mesh upgrade` is asked to do. */
export interface UpgradeOptions {
  /** The version to upgrade to; undefined: that of `istio.version`, or of the upgrade that is on its way. */
  readonly to?: Partial<Wanted>;
  /** Keys of the clusters to upgrade; empty: all of the stacks. */
  readonly clusters: readonly string[];
  /** Namespaces that are restarted before all others. */
  readonly first: readonly string[];
  readonly rollback: boolean;
  readonly signal: AbortSignal;
}

/** What a run is made of; tests replace some of it. */
const PARTS = { openSession, setUp, pulumiOf: (session: Session): PulumiCommands => pulumiOf(session, true), readStacks, bringUp, look, verify, restartWorkloads, targetsFromKubeconfigs, say, now: () => Date.now() };
export type Parts = typeof PARTS;

/** What one run works with. */
interface Run {
  readonly session: Session;
  readonly pulumi: PulumiCommands;
  readonly options: UpgradeOptions;
  readonly parts: Parts;
  /** By cluster key, of the named stacks and of their peers that are up. */
  readonly targets: ReadonlyMap<string, Target>;
}

/**
 * Upgrades Istio in the clusters of stacks that are up, one cluster after another, by changes of their settings and an `up` after each.
 * What comes next is decided by the settings and by what is in the cluster, so a run that was interrupted is run again.
 *
 * @throws MeshError when a rule forbids the upgrade, and when something is wrong after a step: then nothing more is changed
 */
export async function runUpgrade(names: readonly string[], options: UpgradeOptions, parts: Parts = PARTS): Promise<UpgradeReport> {
  const started = parts.now();
  const session = await parts.openSession(names);
  const stacks = parts.readStacks(session, names);
  const chosen = stacks.flatMap(({ stack, model }) => model.clusters.map(({ key }) => ({ stack, key }))).filter(({ key }) => options.clusters.length === 0 || options.clusters.includes(key));
  const unknown = options.clusters.filter((key) => !chosen.some((one) => one.key === key));
  if (unknown.length > 0) throw new MeshError("cluster-unknown", `no stack of ${names.join(", ")} has a cluster ${unknown.join(", ")}`, undefined, EXIT.unusable);
  await parts.setUp(session, upNeeds(stacks));
  const pulumi = parts.pulumiOf(session);
  requireAmong(names, await pulumi.list());
  const targets = await targetsOf(stacks, pulumi, parts);
  const run: Run = { session, pulumi, options, parts, targets };
  await requireGoal(run, chosen);
  const goals = await Promise.all(chosen.map(async ({ stack, key }) => ({ stack, key, goal: await goalOf(run, stack, key) })));
  for (const { stack } of stacks) await keepInstalled(run, stack);
  const clusters: ClusterReport[] = [];
  for (const { stack, key, goal } of goals) clusters.push(await upgradeCluster(run, stack, key, goal));
  return { version: UPGRADE_VERSION, clusters, seconds: (parts.now() - started) / 1000 };
}

/** The clusters of the stacks, and of their peers that are up: a check sees the whole mesh. */
async function targetsOf(stacks: readonly StackModel[], pulumi: PulumiCommands, parts: Parts): Promise<Map<string, Target>> {
  const known = await pulumi.list();
  const all = [...new Set(stacks.flatMap(({ stack, peers }) => [stack, ...peers]))].filter((stack) => known.includes(stack));
  const kubeconfigs = await Promise.all(all.map(async (stack) => Object.entries(kubeconfigsByCluster((await pulumi.export(stack, { showSecrets: true })).deployment))));
  return new Map(parts.targetsFromKubeconfigs(kubeconfigs.flat(), REQUEST_MS).map((target) => [target.key, target]));
}

/**
 * Writes into a stack's file which version its clusters have, where the settings ask for another one in place: an `up` for one cluster
 * would replace Istio in all others at once.
 */
async function keepInstalled(run: Run, stack: string): Promise<void> {
  const { session, parts } = run;
  const outputs = await outputsOf(run, stack);
  const clusters = parts.readStacks(session, [stack])[0]?.model.clusters ?? [];
  const kept = clusters.flatMap(({ key, istio }) => {
    const applied = beforeOf(outputs, key);
    return applied !== undefined && wouldBeInPlace(istio, applied) ? [{ key, version: applied.version }] : [];
  });
  if (kept.length === 0) return;
  const config = session.stacks.config(stack);
  let was = "";
  session.stacks.edit(stack, (text) => kept.reduce((written, { key, version }) => withIstio(written, key, { ...istioIn(config, key), version }), (was = text)));
  try {
    parts.readStacks(session, [stack]);
  } catch (error) {
    session.stacks.edit(stack, () => was);
    throw error;
  }
}

async function upgradeCluster(run: Run, stack: string, key: string, goal: Goal): Promise<ClusterReport> {
  const { parts, options } = run;
  const phases: ClusterReport["phases"] = [];
  const restarted = new Set<string>();
  const from = modelOf(run, stack, key).cluster.istio.version;
  for (let checked = options.rollback; ; ) {
    options.signal.throwIfAborted();
    const { cluster } = modelOf(run, stack, key);
    const outputs = await outputsOf(run, stack);
    const applied = beforeOf(outputs, key);
    const looked = await parts.look(targetOf(run, key));
    const action = nextAction({ istio: cluster.istio, applied, behind: looked.behind }, goal, options.first);
    if (action.do === "nothing") {
      if (phases.length === 0) refuseNothing(action, key, cluster);
      const { version: to, revision } = cluster.istio;
      return { stack, cluster: key, from, to, revision, outcome: phases.length === 0 ? "unchanged" : goal === "rollback" ? "rolled-back" : "upgraded", phases };
    }
    if (action.do === "restart" && restarted.has(action.namespace)) throw stillBehind(key, action);
    if (action.do === "up" && action.change?.set === "upgrade") refuseOldProxies(key, action.change.to.version, looked);
    const text = action.do === "up" && action.change !== undefined ? await allowed(run, stack, cluster, action.change, outputs) : undefined;
    // Before the first change of a mesh that stands: what is broken already would be taken for a fault of the upgrade.
    if (!checked && action.do === "up" && action.change !== undefined) await check(run, key, "before anything is changed");
    checked = true;
    const begun = parts.now();
    const what = action.do === "up" ? await bringForward(run, stack, key, text, outputs) : await restart(run, key, action);
    await check(run, key, `after: ${what}`);
    if (action.do === "restart") restarted.add(action.namespace);
    phases.push({ what, seconds: (parts.now() - begun) / 1000 });
  }
}

function stillBehind(key: string, { namespace, pods }: Extract<Action, { do: "restart" }>): MeshError {
  return new MeshError("upgrade-rollout-stuck", `cluster ${key}: ${pods.join(", ")} in ${namespace} have the proxy of the other revision after their restart as well`, "A label or an annotation of these pods names it; ./mesh verify shows which revision they would get.");
}

/** The text of the stack's file with a change, which the settings' checks and the rules allow. The file stays as it is. */
async function allowed({ session, pulumi, parts }: Run, stack: string, before: ClusterModel, change: Change, outputs: MeshOutputs["clusters"]): Promise<string> {
  const istio = changed(istioIn(session.stacks.config(stack), before.key), change);
  let was = "";
  const read = (): StackModel | undefined => {
    // The settings are read as they would be, and nothing runs meanwhile.
    session.stacks.edit(stack, (text) => withIstio((was = text), before.key, istio));
    try {
      return parts.readStacks(session, [stack])[0];
    } finally {
      session.stacks.edit(stack, () => was);
    }
  };
  const after = read();
  if (after !== undefined) await refuseByRules(after, before, outputs, pulumi);
  return withIstio(was, before.key, istio);
}

/** Writes the stack's file, if there is something to write, and brings the stack up. @returns what it does, in a line */
async function bringForward({ session, pulumi, parts }: Run, stack: string, key: string, text: string | undefined, outputs: MeshOutputs["clusters"]): Promise<string> {
  if (text !== undefined) session.stacks.edit(stack, () => text);
  const [model] = parts.readStacks(session, [stack]);
  if (model === undefined) throw new Error(`stack ${stack} has no settings`);
  const lines = planUpgrades({ model: model.model, previous: { clusters: outputs, trust: undefined, pairs: undefined } }).filter(({ cluster }) => cluster === key).map(planLine);
  const what = lines.join("; ") || `${key}: what was not finished is done again`;
  parts.say(what);
  await parts.bringUp(session, pulumi, [model]);
  return what;
}

async function restart(run: Run, key: string, { namespace, pods }: Extract<Action, { do: "restart" }>): Promise<string> {
  run.parts.say(`${key}: the workloads of ${namespace} restart`);
  const workloads = await run.parts.restartWorkloads(targetOf(run, key).kube, namespace, pods, run.options.signal);
  return `${key}: restarted in ${namespace}: ${workloads.join(", ")}`;
}

/** Checks the whole mesh, with requests between the clusters. @throws MeshError with what is wrong */
async function check({ parts, targets, options: { signal } }: Run, key: string, when: string): Promise<void> {
  const checkOnce = () => parts.verify([...targets.values()], { traffic: true, trafficTimeoutMs: TRAFFIC_MS, signal, progress: () => undefined });
  let report = await checkOnce();
  for (let tries = 1; report.exitCode !== 0 && tries < CHECKS; tries++) report = await checkOnce();
  if (report.exitCode === 0) return;
  const wrong = report.findings.filter(({ status }) => status === "fail" || status === "unknown");
  const lines = wrong.map(({ check: id, cluster, peer, seen }) => `  ${id} ${[cluster, peer].filter(Boolean).join("→")}: ${seen}`);
  throw new MeshError(
    "upgrade-stopped",
    `${key}: the mesh is not as it should be ${when}; nothing more is changed\n${lines.join("\n")}`,
    "./mesh verify says more. Repair it and run the same command again, or go back with --rollback.",
  );
}

/** A cluster's settings, and the version of its stack. */
interface Settings {
  readonly cluster: ClusterModel;
  readonly version: string;
}

function modelOf({ session, parts }: Run, stack: string, key: string): Settings {
  const model = parts.readStacks(session, [stack])[0]?.model;
  const cluster = model?.clusters.find((one) => one.key === key);
  if (model === undefined || cluster === undefined) throw new Error(`stack ${stack} has no cluster ${key}`);
  return { cluster, version: model.istio.version };
}

/** Where a cluster is to get to: what is asked for, else what its upgrade or its settings lead to. */
async function goalOf(run: Run, stack: string, key: string): Promise<Goal> {
  const { rollback, to = {} } = run.options;
  if (rollback) return "rollback";
  const { cluster: { istio }, version } = modelOf(run, stack, key);
  const installed = beforeOf(await outputsOf(run, stack), key)?.version ?? istio.version;
  return { to: { version: istio.next?.version ?? (istio.version === installed ? version : istio.version), ...to } };
}

/** @throws MeshError when no cluster has another version in its settings, and none is asked for */
async function requireGoal(run: Run, chosen: readonly { readonly stack: string; readonly key: string }[]): Promise<void> {
  const { rollback, to = {} } = run.options;
  if (rollback || Object.keys(to).length > 0) return;
  const settled = await Promise.all(
    chosen.map(async ({ stack, key }) => {
      const settings = modelOf(run, stack, key);
      const { version, next } = settings.cluster.istio;
      return next === undefined && version === settings.version && beforeOf(await outputsOf(run, stack), key)?.version === version;
    }),
  );
  if (!settled.every(Boolean)) return;
  throw new MeshError("upgrade-to-what", `${chosen.map(({ key }) => key).join(", ")}: Istio is what the settings say, and nothing says which version it is to be`, "Name it: --to VERSION. The same version gives a cluster a revision and a tag.", EXIT.unusable);
}

async function outputsOf({ pulumi }: Run, stack: string): Promise<MeshOutputs["clusters"]> {
  const { clusters = {} } = ((await pulumi.outputs(stack)) ?? {}) as { clusters?: Record<string, unknown> };
  return Object.fromEntries(Object.entries(clusters).flatMap(([key, value]) => {
    const parsed = clusterOutputs.safeParse(value);
    return parsed.success ? [[key, parsed.data]] : [];
  }));
}

function targetOf({ targets }: Run, key: string): Target {
  const target = targets.get(key);
  if (target === undefined) throw new MeshError("stack-not-up", `cluster ${key} is not up`, "Bring its stack up first: ./mesh up", EXIT.unusable);
  return target;
}
