/** Completes and checks a release's inputs. */
import type { CheckRequest, CheckResult } from "../../lib/kind";
import { autoname } from "../../lib/names";
import { Asset, Secret, hasSecret, hasUnknown, isObject, reveal, type Props, type Value } from "../../lib/values";
import { locateChart } from "./chart";
import { complete, refusals, settingsOf } from "./fields";
import { annotate } from "./marks";
import { mergeValues, readValueFiles } from "./values";

/** Helm's own default, in seconds. */
const DEFAULT_TIMEOUT = 300;

/**
 * Fills in the name, namespace, timeout and the exact chart version, and makes one of `values` and `valueYamlFiles`.
 * Finds the chart on the way, so that a wrong chart or repository fails the preview already; not while anything is unknown.
 *
 * @param defaultNamespace for a release that names none
 */
export async function checkRelease(r: CheckRequest, defaultNamespace: string): Promise<CheckResult> {
  const failures = [...refusals(r.news), ...assetFailures(r.news["values"] ?? null)];
  if (failures.length > 0) return { inputs: r.news, failures };

  let values: Value;
  try {
    values = await valuesOf(r.news);
  } catch (error) {
    return { inputs: r.news, failures: [{ property: "valueYamlFiles", reason: (error as Error).message }] };
  }
  const inputs = complete({ ...r.news, ...defaults(r, defaultNamespace), values: reveal(values) });
  const marks: Props = { ...r.news, values };
  if (!hasUnknown(r.news)) {
    const settings = settingsOf(inputs);
    try {
      inputs["version"] = (await locateChart(settings)).version;
    } catch (error) {
      const reason = `${(error as Error).message}; check the chart name and repository configuration`;
      failures.push({ property: "chart", reason });
    }
  }
  return { inputs: annotate(inputs, marks), failures };
}

function defaults(r: CheckRequest, defaultNamespace: string): Props {
  const { news, olds } = r;
  const set: Props = {};
  if (isEmpty(news["name"])) set["name"] = isEmpty(olds["name"]) ? autoname(r) : (olds["name"] as Value);
  if (isEmpty(news["namespace"])) set["namespace"] = defaultNamespace;
  if ((news["timeout"] ?? null) === null && reveal(news["skipAwait"] ?? false) === false) set["timeout"] = DEFAULT_TIMEOUT;
  return set;
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || value === null || value === "";
}

/** The values of files and program together; secret as a whole where a file is. */
async function valuesOf(news: Props): Promise<Value> {
  const files = news["valueYamlFiles"] ?? null;
  const given = news["values"] ?? {};
  const bare = given instanceof Secret ? given.value : given;
  if (!isObject(bare)) return given;
  const merged = mergeValues(await readValueFiles(files), bare);
  return given instanceof Secret || hasSecret(files) ? new Secret(merged) : merged;
}

function assetFailures(values: Value): { property: string; reason: string }[] {
  const holdsAsset = (v: Value): boolean =>
    v instanceof Asset ||
    (v instanceof Secret && holdsAsset(v.value)) ||
    (Array.isArray(v) && v.some(holdsAsset)) ||
    (isObject(v) && Object.values(v).some(holdsAsset));
  return holdsAsset(values) ? [{ property: "values", reason: "must hold plain values, not files" }] : [];
}
