/** Makes, changes and removes a release with helm, and goes on from what an interrupted run left. */
import { InitializationFailed, type Running } from "../../lib/kind";
import type { Props } from "../../lib/values";
import type { ClusterAccess } from "../access";
import { type Chart, locateChart } from "./chart";
import { type ReleaseSettings, releaseId, settingsOf } from "./fields";
import { installArgs, uninstallArgs, upgradeArgs } from "./flags";
import { HelmError, helm, helmOn } from "./helm";
import { chartDigest } from "./local-chart";
import { notReady } from "./not-ready";
import { type ReleaseStatus, releaseStatus, withChart } from "./record";
import { continuationOf, isOwn, isSuperseded, labelsFor, newInstance } from "./recovery";
import { liveState, privateIn } from "./state";

/** One change to one release, and what it needs to know. */
interface Task extends Running {
  access: ClusterAccess;
  urn: string;
  inputs: Props;
  settings: ReleaseSettings;
  chart: Chart;
  /** Which create of the resource the release belongs to. */
  instance: string;
  /** The state until now; empty for a new resource. */
  before: Props;
}

/** What comes with a request. */
export type Request = Running & { urn: string; inputs: Props };

/**
 * Installs a release.
 *
 * @throws InitializationFailed when Helm made the release but it failed; an ordinary error when it made none
 */
export async function install(access: ClusterAccess, request: Request): Promise<Props> {
  const task = await prepare(access, request, newInstance(), {});
  const before = await releaseStatus(access, task.settings);
  if (before !== undefined && (await isOwn(access, task.settings, task.urn))) {
    // Given no values, an upgrade would keep those of the left-over.
    return goOn(task, before, ["--reset-values"]);
  }
  return run(task, "install", before?.revision ?? 0);
}

/**
 * Upgrades a release.
 *
 * @throws InitializationFailed when the upgrade failed half-way; an ordinary error when it changed nothing
 */
export async function upgrade(access: ClusterAccess, request: Request & { state: Props }): Promise<Props> {
  const task = await prepare(access, request, privateIn(request.state).instance ?? newInstance(), request.state);
  if (task.settings.lint) await lint(task);
  const before = await releaseStatus(access, task.settings);
  const pending = before !== undefined && continuationOf(before) === "rollback";
  if (pending && (await isOwn(access, task.settings, task.urn))) return goOn(task, before, []);
  return run(task, "upgrade", before?.revision ?? 0);
}

/** Uninstalls a release; one that is gone, or that a later create of the same resource took over, is left alone. */
export async function uninstall(
  access: ClusterAccess,
  request: Running & { urn: string; state: Props },
): Promise<void> {
  const settings = settingsOf(request.state);
  const { instance } = privateIn(request.state);
  if (instance !== undefined && (await isSuperseded(access, settings, request.urn, instance))) return;
  const args = uninstallArgs(settings);
  const { stdout } = await helmOn(access, { args, signal: request.signal });
  if (stdout.includes("kept due to the resource policy")) {
    request.log.warn(`Helm uninstall returned information: ${stdout.trim()}`);
  }
}

async function prepare(access: ClusterAccess, request: Request, instance: string, before: Props): Promise<Task> {
  const settings = settingsOf(request.inputs);
  const chart = await locateChart(settings);
  return { ...request, access, settings, chart, instance, before };
}

async function lint({ settings, chart }: Task): Promise<void> {
  const args = ["lint", chart.path, "--namespace", settings.namespace, "--values", "-", "--quiet"];
  try {
    await helm({ args, stdin: JSON.stringify(settings.values) });
  } catch (error) {
    // What is wrong is on stdout; the error itself only counts the charts.
    const complaints = error instanceof HelmError ? error.stdout.match(/^\[ERROR\] .*$/gm) : null;
    throw new Error(`malformed chart or values: ${(complaints ?? [(error as Error).message]).join("; ")}`);
  }
}

/** Goes on from a release that an interrupted run of this resource left: the end is as if that run had not been. */
async function goOn(task: Task, left: ReleaseStatus, upgradeFlags: string[]): Promise<Props> {
  const { access, settings, signal, log } = task;
  const how = continuationOf(left);
  log.info(`an interrupted run left Helm release ${releaseId(settings)} ${left.status}: going on from there (${how})`);
  if (how === "reinstall") {
    await helmOn(access, { args: uninstallArgs(settings), signal });
    return run(task, "install", 0);
  }
  if (how === "rollback") {
    const args = ["rollback", settings.name, "--namespace", settings.namespace, "--no-hooks", "--history-max", "0"];
    await helmOn(access, { args, signal });
    return run(task, "upgrade", left.revision + 1, upgradeFlags);
  }
  return run(task, "upgrade", left.revision, upgradeFlags);
}

/** Runs helm; a failure after which Helm has a newer revision than `before` is a release that exists but is not right. */
async function run(task: Task, action: "install" | "upgrade", before: number, flags: string[] = []): Promise<Props> {
  const { access, urn, settings, chart, instance, signal, log } = task;
  const makeArgs = action === "install" ? installArgs : upgradeArgs;
  const args = [...makeArgs(settings, chart.path, labelsFor(urn, instance)), ...flags];
  try {
    const { warnings } = await helmOn(access, { args, stdin: JSON.stringify(settings.values), signal });
    warnings.forEach((warning) => log.warn(warning));
  } catch (error) {
    const failed = await releaseStatus(access, settings).catch(() => undefined);
    if (failed === undefined || failed.revision <= before) throw explain(error as HelmError, settings);
    throw new InitializationFailed(releaseId(settings), await stateOf(task, failed), task.inputs, [
      `Helm release "${releaseId(settings)}" was ${action === "install" ? "created" : "upgraded"}, but failed to ` +
        `initialize completely: ${(error as Error).message}`,
      ...(await reasons(task)),
    ]);
  }
  const made = await releaseStatus(access, settings);
  if (made === undefined) throw new Error(`Helm release ${releaseId(settings)} vanished while it was being made`);
  return stateOf(task, made);
}

async function stateOf(task: Task, status: ReleaseStatus): Promise<Props> {
  const { access, inputs, settings, chart, instance, before } = task;
  const digest = chart.local ? { chartDigest: await chartDigest(chart.path) } : {};
  return liveState(inputs, settings, await withChart(access, status), { instance, ...digest }, before);
}

/** Which objects are not ready; nothing when that cannot be found out, for Helm's own message matters more. */
async function reasons({ access, settings }: Task): Promise<string[]> {
  const status = await releaseStatus(access, settings, true).catch(() => undefined);
  return notReady(status?.resources ?? {});
}

function explain(error: HelmError, settings: ReleaseSettings): Error {
  const id = releaseId(settings);
  if (error.message.includes("cannot re-use a name that is still in use")) {
    return new Error(
      `Helm release ${id} exists already: ${error.message}. Import it (pulumi import), uninstall it, or choose another name`,
    );
  }
  if (error.message.includes("has no deployed releases")) {
    return new Error(`Helm release ${id}: ${error.message}; if it was removed by hand, run pulumi refresh`);
  }
  return new Error(`Helm release ${id}: ${error.message}`);
}
