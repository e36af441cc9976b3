import { EXIT, MeshError } from "../../lib/errors";
import type { MeshOutputs } from "../../outputs/contract";
import type { IstioBefore } from "../../program/istio-before";
import type { ClusterModel } from "../../settings/model";
import { planUpgrades, upgradeText as planLine } from "../plan/upgrades";
import { upNeeds } from "../up/run";
import { requireAmong } from "../verify/up-stacks";
import { keptElsewhere, refuseInUpgrade, refuseUnwritable } from "./elsewhere";
import { goalOf, requireGoal, type Chosen } from "./goal";
import { beforeOf, refuseByRules, refuseHeld, refuseNothing, refuseOldProxies, refuseSameCharts } from "./guard";
import type { Looked } from "./look";
import { nextAction, type Action, type Change, type Goal } from "./next";
import { outputsOf, PARTS, settingsOf, targetOf, targetsOf, type Parts, type Run, type UpgradeOptions } from "./parts";
import { UPGRADE_VERSION, type ClusterReport, type UpgradeReport } from "./report";
import { changed, istioIn, withIstio } from "./settings";

/** Milliseconds that requests between clusters may take to succeed. */
const TRAFFIC_MS = 30_000;

/** How often the mesh is checked until it passes: what was just changed needs a moment. */
const CHECKS = 3;

/** A cluster, and the version that it is to have. */
interface Task extends Chosen {
  readonly goal: Goal;
}

/** What a cluster is like, and what comes next. */
interface Turn {
  readonly cluster: ClusterModel;
  readonly outputs: MeshOutputs["clusters"];
  readonly applied: IstioBefore | undefined;
  readonly looked: Looked;
  readonly action: Action;
}

/** A change of the text of a stack's file. */
type Edit = (text: string) => string;

/**
 * Upgrades Istio in the clusters of stacks that are up, one cluster after another, by changes of their settings and an `up` after each.
 * What comes next is decided by the settings and by what is in the cluster, so a run that was interrupted is run again.
 *
 * @throws MeshError when a rule forbids the upgrade of one of the clusters: then nothing was changed; and when something is wrong after a
 *   step: then nothing more is changed
 */
export async function runUpgrade(names: readonly string[], options: UpgradeOptions, parts: Parts = PARTS): Promise<UpgradeReport> {
  const started = parts.now();
  const session = await parts.openSession(names, options.env);
  const stacks = parts.readStacks(session, names);
  const chosen = stacks.flatMap(({ stack, model }) => model.clusters.map(({ key }) => ({ stack, key }))).filter(({ key }) => options.clusters.length === 0 || options.clusters.includes(key));
  const unknown = options.clusters.filter((key) => !chosen.some((one) => one.key === key));
  if (unknown.length > 0) throw new MeshError("cluster-unknown", `no stack of ${names.join(", ")} has a cluster ${unknown.join(", ")}`, undefined, EXIT.unusable);
  await parts.setUp(session, upNeeds(stacks));
  const pulumi = parts.pulumiOf(session);
  requireAmong(names, await pulumi.list());
  const run: Run = { session, pulumi, options, parts, targets: await targetsOf(stacks, pulumi, parts) };
  await requireGoal(run, chosen);
  const tasks = await Promise.all(chosen.map(async (one) => ({ ...one, goal: await goalOf(run, one) })));
  await requireAllowed(run, tasks);
  const clusters: ClusterReport[] = [];
  for (const task of tasks) clusters.push(await upgradeCluster(run, task, tasks));
  return { version: UPGRADE_VERSION, clusters, seconds: (parts.now() - started) / 1000 };
}

/** Refuses what is forbidden in any of the clusters, before the first of them is changed. */
async function requireAllowed(run: Run, tasks: readonly Task[]): Promise<void> {
  const turns = await Promise.all(tasks.map(async (task) => ({ task, turn: await look(run, task) })));
  const { clusters, rollback } = run.options;
  // To take back what the stacks' clusters have begun, not each of them needs to have begun something.
  const some = rollback && clusters.length === 0 && turns.some(({ turn }) => turn.action.do !== "nothing");
  for (const { task, turn } of turns) {
    const { action, cluster } = turn;
    if (action.do === "nothing" && !(some && action.why === "no-upgrade")) refuseNothing(action, task.key, cluster);
    if (action.do === "up") await allowed(run, task, turn, action.change, tasks);
  }
}

/** Looks at a cluster, and decides what comes next. */
async function look(run: Run, { stack, key, goal }: Task): Promise<Turn> {
  const { cluster } = settingsOf(run, stack, key);
  const outputs = await outputsOf(run, stack);
  const applied = beforeOf(outputs, key);
  const looked = await run.parts.look(targetOf(run, key));
  return { cluster, outputs, applied, looked, action: nextAction({ istio: cluster.istio, applied, behind: looked.behind }, goal, run.options.first) };
}

async function upgradeCluster(run: Run, task: Task, tasks: readonly Task[]): Promise<ClusterReport> {
  const { parts, options } = run;
  const { stack, key, goal } = task;
  const phases: ClusterReport["phases"] = [];
  const restarted = new Set<string>();
  let from: string | undefined;
  for (let checked = options.rollback; ; ) {
    options.signal.throwIfAborted();
    const turn = await look(run, task);
    const { action, cluster } = turn;
    from ??= turn.applied?.version ?? cluster.istio.version;
    if (action.do === "nothing") {
      const { version: to, revision } = cluster.istio;
      return { stack, cluster: key, from, to, revision, outcome: phases.length === 0 ? "unchanged" : goal === "rollback" ? "rolled-back" : "upgraded", phases };
    }
    if (action.do === "restart" && restarted.has(action.namespace)) throw stillBehind(key, action);
    const edit = action.do === "up" ? await allowed(run, task, turn, action.change, tasks) : undefined;
    // Before the first change: a fault that is there already would be taken for one of the upgrade. Only an `up` that did not end is
    // finished first, since it may be what is wrong.
    if (!checked && (action.do === "restart" || action.change !== undefined)) await check(run, key, "before anything is changed");
    checked = true;
    const begun = parts.now();
    const what = action.do === "up" ? await bringForward(run, task, edit, turn.outputs) : await restart(run, key, action);
    await check(run, key, `after: ${what}`);
    if (action.do === "restart") restarted.add(action.namespace);
    phases.push({ what, seconds: (parts.now() - begun) / 1000 });
  }
}

function stillBehind(key: string, { namespace, pods }: Extract<Action, { do: "restart" }>): MeshError {
  return new MeshError("upgrade-rollout-stuck", `cluster ${key}: ${pods.join(", ")} in ${namespace} still have the proxy of the other revision after their restart`, "A label or an annotation of these pods names it; ./mesh verify shows which revision they would get.");
}

/**
 * What has to be written into the stack's file before an `up`, which the settings' checks and the rules allow. Nothing is written here.
 *
 * @returns undefined where nothing has to be written
 */
async function allowed({ session, pulumi, parts }: Run, { stack, key }: Chosen, { cluster, outputs, applied, looked }: Turn, change: Change | undefined, tasks: readonly Task[]): Promise<Edit | undefined> {
  if (applied !== undefined) refuseInUpgrade(key, cluster.istio, applied);
  if (change?.set === "upgrade" && applied !== undefined) refuseUnwritable(key, cluster.istio, applied, change.to);
  const config = session.stacks.config(stack);
  const goals = new Map(tasks.map((task) => [task.key, task.goal]));
  const [now] = parts.readStacks(session, [stack]);
  const istio = [
    ...(now === undefined ? [] : keptElsewhere(now.model, key, outputs, config, goals)),
    ...(change === undefined ? [] : [{ key, istio: changed(istioIn(config, key), change) }]),
  ];
  if (istio.length === 0) return undefined;
  const edit: Edit = (text) => istio.reduce((written, one) => withIstio(written, one.key, one.istio), text);
  const [after] = parts.readStacks({ ...session, stacks: session.stacks.edited(stack, edit) }, [stack]);
  if (after !== undefined && change !== undefined) await refuseByRules(after, cluster, outputs, pulumi);
  if (change?.set === "upgrade") {
    refuseSameCharts(key, change, cluster);
    // After the rules: what runs there is newer than a downgrade, and no restart would help.
    refuseOldProxies(key, change.to.version, looked);
    refuseHeld(key, looked);
  }
  return edit;
}

/** Writes the stack's file, if there is something to write, and brings the stack up. @returns what it does, in a line */
async function bringForward({ session, pulumi, parts }: Run, { stack, key }: Chosen, edit: Edit | undefined, outputs: MeshOutputs["clusters"]): Promise<string> {
  if (edit !== undefined) session.stacks.edit(stack, edit);
  const [model] = parts.readStacks(session, [stack]);
  if (model === undefined) throw new Error(`stack ${stack} has no settings`);
  const lines = planUpgrades({ model: model.model, previous: { clusters: outputs, trust: undefined, pairs: undefined } }).map(planLine);
  const what = lines.join("; ") || `${key}: the up that did not end is run again`;
  parts.say(what);
  await parts.bringUp(session, pulumi, [model]);
  return what;
}

async function restart(run: Run, key: string, { namespace, pods }: Extract<Action, { do: "restart" }>): Promise<string> {
  run.parts.say(`${key}: restarting the workloads of ${namespace}`);
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
    `${key}: checks of the mesh fail ${when}; nothing more is changed\n${lines.join("\n")}`,
    "./mesh verify shows more. Repair it and run the same command again, or go back with --rollback.",
  );
}
