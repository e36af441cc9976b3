/** Finds the chart of a release: a folder or an archive on this machine, or one that a repository or registry serves. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { ReleaseSettings } from "./fields";
import { type ChartMetadata, findLocalChart, readChartFolder } from "./local-chart";
import { pullFromRegistry, pullFromRepository, showArchive } from "./remote-chart";

/** A chart that helm can be pointed at. */
export interface Chart extends ChartMetadata {
  /** Absolute path of its folder or archive. */
  path: string;
  /** Whether it is the user's own file, whose content may change while its version does not. */
  local: boolean;
}

type Source = Pick<ReleaseSettings, "chart" | "version" | "devel" | "repositoryOpts" | "dependencyUpdate">;

const fetched = new Map<string, Promise<Chart>>();

/**
 * Finds the chart and fetches it if need be. What was fetched stays for the life of the process, so that a preview and
 * its update, and several releases of one chart, download it once.
 *
 * @throws an error that says what was looked for, and where
 */
export async function locateChart(source: Source): Promise<Chart> {
  const name = source.chart.trim();
  const version = source.version.trim() || (source.devel ? ">0.0.0-0" : "");
  const opts = source.repositoryOpts;
  const isOci = name.startsWith("oci://");
  if (!opts?.repo) {
    const local = await findLocalChart(name);
    if (local !== undefined) return readLocal(local, source.dependencyUpdate);
  }
  if (!opts?.repo && !isOci) {
    throw new Error(
      `chart "${name}" was not found: ${path.resolve(name)} is neither a folder with a Chart.yaml nor a file, ` +
        "repositoryOpts.repo names no repository, and it is no oci:// address",
    );
  }
  const key = (v: string) => JSON.stringify([name, v, opts]);
  const chart = await once(key(version), async () => {
    const pulled = isOci || !opts ? pullFromRegistry(name, version, opts) : pullFromRepository(name, version, opts);
    return { ...(await pulled), local: false };
  });
  fetched.set(key(chart.version), Promise.resolve(chart));
  return chart;
}

async function readLocal(file: string, dependencyUpdate: boolean): Promise<Chart> {
  const isFolder = fs.statSync(file).isDirectory();
  const metadata = isFolder ? await readChartFolder(file, dependencyUpdate) : await showArchive(file);
  return { ...metadata, path: file, local: true };
}

function once(key: string, fetch: () => Promise<Chart>): Promise<Chart> {
  const before = fetched.get(key);
  if (before !== undefined) return before;
  const chart = fetch();
  fetched.set(key, chart);
  chart.catch(() => fetched.delete(key));
  return chart;
}
