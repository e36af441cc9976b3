/** Charts in folders and archives on this machine. */
import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { parse } from "yaml";
import { type JsonObject, isObject, listAt, stringAt } from "../objects";

/** What a chart says of itself. */
export interface ChartMetadata {
  name: string;
  version: string;
}

/**
 * Finds the chart that a path means.
 *
 * @returns its absolute path, or undefined where there is no such file and no such folder with a Chart.yaml
 */
export async function findLocalChart(chart: string): Promise<string | undefined> {
  const file = path.resolve(chart);
  const found = (await isFolder(file)) ? path.join(file, "Chart.yaml") : file;
  return (await exists(found)) ? file : undefined;
}

/**
 * Reads the Chart.yaml of a chart folder.
 *
 * @param dependenciesMayBeMissing whether Helm is going to fetch what charts/ lacks
 * @throws when the chart cannot be installed as it is
 */
export async function readChartFolder(folder: string, dependenciesMayBeMissing: boolean): Promise<ChartMetadata> {
  const chart = parseChart(await fs.readFile(path.join(folder, "Chart.yaml"), "utf8"), `chart ${folder}`);
  const missing = dependenciesMayBeMissing ? [] : await missingDependencies(folder, chart);
  if (missing.length > 0) {
    throw new Error(`found in Chart.yaml, but missing in charts/ directory: ${missing.join(", ")}`);
  }
  return metadataOf(chart, `chart ${folder}`);
}

/** Reads the text of a Chart.yaml, as `helm show chart` prints it. `what` names the chart in errors. */
export function parseChartYaml(text: string, what: string): ChartMetadata {
  return metadataOf(parseChart(text, what), what);
}

function parseChart(text: string, what: string): JsonObject {
  const chart: unknown = parse(text, { logLevel: "error" });
  if (!isObject(chart)) throw new Error(`${what}: Chart.yaml holds no object`);
  return chart;
}

function metadataOf(chart: JsonObject, what: string): ChartMetadata {
  const [name, version] = [stringAt(chart, "name"), stringAt(chart, "version")];
  if (!name || !version) throw new Error(`${what}: Chart.yaml must say name and version`);
  return { name, version };
}

async function missingDependencies(folder: string, chart: JsonObject): Promise<string[]> {
  const names = listAt(chart, "dependencies").flatMap((dependency) => stringAt(dependency, "name") ?? []);
  if (names.length === 0) return [];
  const charts = path.join(folder, "charts");
  const there = (await exists(charts)) ? await fs.readdir(charts) : [];
  const isThere = (name: string) =>
    there.some((entry) => entry === name || (entry.startsWith(`${name}-`) && entry.endsWith(".tgz")));
  return [...new Set(names.filter((name) => !isThere(name)))];
}

/**
 * A fingerprint of a local chart's content: the same for the same files, wherever they lie. Files whose name begins with
 * a dot do not count, except .helmignore.
 */
export async function chartDigest(chart: string): Promise<string> {
  const hash = createHash("sha256");
  if (!(await isFolder(chart))) return hash.update(await fs.readFile(chart)).digest("hex");
  for (const file of (await filesIn(chart, "")).sort()) {
    const content = await fs.readFile(path.join(chart, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

async function filesIn(root: string, folder: string): Promise<string[]> {
  const names = (await fs.readdir(path.join(root, folder))).filter((n) => !n.startsWith(".") || n === ".helmignore");
  const files = names.map(async (name) => {
    const file = path.join(folder, name);
    return (await isFolder(path.join(root, file))) ? filesIn(root, file) : [file];
  });
  return (await Promise.all(files)).flat();
}

async function isFolder(file: string): Promise<boolean> {
  const stat = await fs.stat(file).catch(() => undefined);
  return stat?.isDirectory() ?? false;
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
