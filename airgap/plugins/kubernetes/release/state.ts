/** A release's state: what the engine keeps of it, laid out as the official plugin does, so that either can go on with it. */
import { Secret, UNKNOWN, isObject, reveal, type Props } from "../../lib/values";
import { settingsOf, type ReleaseSettings } from "./fields";
import { annotate, keepSecrets } from "./marks";
import { type ReleaseRecord, resourceNames } from "./record";
import { mergeValues } from "./values";

/** What this plugin keeps in a state for itself, under a key that the official plugin passes over. */
export interface PrivateState {
  /** Which create of the resource made the release; see recovery.ts. Absent in a state that the official plugin wrote. */
  instance?: string;
  /** Fingerprint of a local chart's content; absent for charts that were fetched. */
  chartDigest?: string;
}

const INPUTS = "__inputs";
const PRIVATE = "__airgap";

/** The state of a release that is still to be made or changed: what comes from Helm is unknown. */
export function previewState(inputs: Props): Props {
  const state = { ...settingsProps(settingsOf(inputs)), [INPUTS]: new Secret(inputs) };
  return { ...annotate(state, inputs), resourceNames: UNKNOWN, status: UNKNOWN };
}

/**
 * The state of a release that Helm has.
 *
 * @param inputs what check returned; what is secret in it is secret in the state
 * @param settings what the release is known to be set to; Helm's values and chart version win over it
 * @param before the state until now: what was secret in it and is there still stays secret
 */
export function liveState(
  inputs: Props,
  settings: ReleaseSettings,
  record: ReleaseRecord,
  own: PrivateState,
  before: Props = {},
): Props {
  const { name, namespace, revision, status, chart } = record;
  const state: Props = {
    ...settingsProps(settings),
    name: settings.name || name,
    namespace: settings.namespace || namespace,
    chart: settings.chart || chart.name,
    values: mergeValues(settings.values, record.values),
    version: chart.version,
    resourceNames: resourceNames(record.manifest),
    status: {
      appVersion: chart.appVersion,
      chart: chart.name,
      name,
      namespace,
      revision,
      status,
      version: chart.version,
    },
    [INPUTS]: new Secret(inputs),
    [PRIVATE]: { ...own },
  };
  const marked = annotate(state, inputs);
  const { values } = marked;
  return isObject(values) ? { ...marked, values: keepSecrets(values, inputs["values"], before["values"]) } : marked;
}

/** The inputs that a state was made from; undefined in a bare state, such as that of an import. */
export function inputsIn(state: Props): Props | undefined {
  const inputs = state[INPUTS];
  const bare = inputs instanceof Secret ? inputs.value : inputs;
  return isObject(bare) ? bare : undefined;
}

/** What this plugin kept for itself. */
export function privateIn(state: Props): PrivateState {
  const kept = reveal(state[PRIVATE] ?? null);
  return isObject(kept) ? kept : {};
}

function settingsProps(settings: ReleaseSettings): Props {
  return { ...settings } as unknown as Props;
}
