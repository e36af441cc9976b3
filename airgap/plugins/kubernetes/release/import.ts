/** The inputs of a release that is being imported. */
import type { Props } from "../../lib/values";
import { complete } from "./fields";
import { findLocalChart, readChartFolder } from "./local-chart";
import type { ReleaseRecord } from "./record";

/** Seconds, as check fills in for a release that says nothing. */
const TIMEOUT = 300;

/**
 * What a program would have to ask for to get this release. Helm does not keep where a chart came from: it is looked for in
 * the program's folder, as `NAME-VERSION` and `NAME`, each as folder and as archive; else its bare name stands there.
 */
export async function importedInputs(record: ReleaseRecord): Promise<Props> {
  const { name, namespace, values, chart } = record;
  const place = await findChart(chart.name, chart.version);
  return complete({
    name,
    namespace,
    values,
    chart: place?.path ?? chart.name,
    version: place?.version ?? chart.version,
    timeout: TIMEOUT,
  });
}

async function findChart(name: string, version: string): Promise<{ path: string; version: string } | undefined> {
  for (const candidate of [`${name}-${version}`, `${name}-${version}.tgz`, name, `${name}.tgz`]) {
    const found = await findLocalChart(candidate);
    if (found === undefined) continue;
    if (candidate.endsWith(".tgz")) return { path: candidate, version };
    // A folder of that name that is no chart is passed over.
    const chart = await readChartFolder(found, true).catch(() => undefined);
    if (chart !== undefined) return { path: candidate, version: chart.version };
  }
  return undefined;
}
