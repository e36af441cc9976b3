/** `kubernetes:helm.sh/v3:Release`: a Helm chart installed in the provider's cluster. See RELEASE.md for what is imitated. */
import type { DiffRequest, DiffResult, Kind, ReadRequest } from "../lib/kind";
import { hasUnknown, type Props } from "../lib/values";
import type { ClusterAccess } from "./access";
import { parseId } from "./objects";
import { checkRelease } from "./release/check";
import { releaseChanges } from "./release/diff";
import { releaseId, settingsOf } from "./release/fields";
import { importedInputs } from "./release/import";
import { chartDigest, findLocalChart } from "./release/local-chart";
import { install, uninstall, upgrade } from "./release/operations";
import { releaseStatus, withChart } from "./release/record";
import { inputsIn, liveState, previewState, privateIn } from "./release/state";

/** A release of another name or namespace is another release. */
const REPLACING = ["name", "namespace"];

/** What is taken of the provider's `helmReleaseSettings`; the first of them is about warnings that are no more. */
const HELM_SETTINGS = ["suppressBetaWarning", "driver"];

/** The resource type, on one cluster. */
export function releaseKind(access: ClusterAccess): Kind {
  const unreachable = (what: string) =>
    access.unreachable === undefined
      ? undefined
      : new Error(`can't ${what} Helm Release with unreachable cluster: ${access.unreachable}`);

  return {
    async check(r) {
      const leaveAlone = access.unreachable !== undefined && access.flags.skipUpdateUnreachable;
      if (leaveAlone && Object.keys(r.olds).length > 0) return { inputs: r.olds };
      const refused = Object.keys(access.helmSettings).filter((setting) => !HELM_SETTINGS.includes(setting));
      if (refused.length > 0) throw new Error(refusalOf(refused));
      return checkRelease(r, access.namespace);
    },

    diff: diffRelease,

    async create(r) {
      const settings = settingsOf(r.inputs);
      if (r.preview) return { id: "", state: previewState(r.inputs) };
      const reason = unreachable("create");
      if (reason !== undefined) throw reason;
      return { id: releaseId(settings), state: await install(access, r) };
    },

    async update(r) {
      if (r.preview) return { state: previewState(r.inputs) };
      const reason = unreachable("update");
      if (reason !== undefined) throw reason;
      return { state: await upgrade(access, r) };
    },

    read: (r) => (access.unreachable === undefined ? readRelease(access, r) : readUnreachable(access, r)),

    async delete(r) {
      if (access.unreachable === undefined) return uninstall(access, r);
      if (!access.flags.deleteUnreachable) throw unreachable("delete") as Error;
      r.log.warn(
        `the cluster is unreachable (${access.unreachable}) and deleteUnreachable is set: forgetting Helm release ${r.id}`,
      );
    },
  };
}

function refusalOf(settings: string[]): string {
  return `the air-gap plugin kubernetes does not do helmReleaseSettings.${settings.join(", ")}; see RELEASE.md beside it`;
}

async function diffRelease(r: DiffRequest): Promise<DiffResult> {
  const news = { ...r.news };
  // The check pinned the version; a program that ignores changes of it means the one the release has.
  if (r.ignoreChanges.includes("version") && r.state["version"] !== undefined) news["version"] = r.state["version"];
  // Inputs that early versions of the official plugin kept are no wishes of the program.
  const { checksum: _, resourceNames: __, ...oldInputs } = inputsIn(r.state) ?? r.oldInputs;
  const detailed = releaseChanges(oldInputs, news, r.state, REPLACING);
  if (!r.ignoreChanges.includes("chart") && (await chartContentChanged(news, r.state))) detailed["chart"] ??= "update";
  const replaces = Object.keys(detailed).filter((path) => detailed[path]?.endsWith("-replace"));
  return { changes: Object.keys(detailed).length > 0, replaces, detailed };
}

/** Whether a local chart's files are others than those that were installed. Not known of a state that says nothing of them. */
async function chartContentChanged(news: Props, state: Props): Promise<boolean> {
  const { chartDigest: before } = privateIn(state);
  if (before === undefined || hasUnknown(news["chart"] ?? null)) return false;
  const settings = settingsOf(news);
  const chart = settings.repositoryOpts?.repo ? undefined : await findLocalChart(settings.chart);
  return chart !== undefined && (await chartDigest(chart)) !== before;
}

async function readRelease(access: ClusterAccess, r: ReadRequest) {
  const known = Object.keys(r.state).length > 0;
  const settings = settingsOf(r.state);
  const { namespace, name } = parseId(r.id);
  const wanted = known ? settings : { name, namespace: namespace || access.namespace };
  const status = await releaseStatus(access, wanted);
  if (status === undefined) return undefined;
  const record = await withChart(access, status);
  const kept = inputsIn(r.state) ?? (Object.keys(r.inputs).length > 0 ? r.inputs : undefined);
  const inputs = kept ?? (await importedInputs(record));
  const state = liveState(inputs, known ? settings : settingsOf(inputs), record, privateIn(r.state), r.state);
  return { id: r.id || releaseId(wanted), state, inputs };
}

async function readUnreachable(access: ClusterAccess, r: ReadRequest) {
  r.log.warn(`configured Kubernetes cluster is unreachable: ${access.unreachable}`);
  if (access.flags.deleteUnreachable) {
    r.log.info(`deleteUnreachable is set: Helm release ${r.id} is taken out of the state`);
    return undefined;
  }
  if (access.flags.skipUpdateUnreachable) return { id: r.id, state: r.state, inputs: r.inputs };
  throw new Error(
    "failed to read resource state due to unreachable cluster. If the cluster was deleted, you can remove this resource " +
      'from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"',
  );
}
