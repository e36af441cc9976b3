/** What Helm knows of a release. */
import { parseAllDocuments } from "yaml";
import { type JsonObject, at, isObject, nameOf, namespaceOf, numberAt, parseGvk, stringAt } from "../objects";
import type { ClusterAccess } from "../access";
import { HelmError, helmOn } from "./helm";

/** Where to look for a release. */
export interface ReleaseName {
  name: string;
  namespace: string;
}

/** A release's newest revision, in Helm's own words. */
export interface ReleaseStatus extends ReleaseName {
  /** Counts from 1. */
  revision: number;
  /** `deployed`, `failed`, `pending-install`, `uninstalling`, ... */
  status: string;
  /** The values it was given. May hold secrets. */
  values: JsonObject;
  /** What was applied, as YAML. May hold secrets. */
  manifest: string;
  /** Objects of the release as they are in the cluster, by kind; only where they were asked for. */
  resources: JsonObject;
}

/** A release's newest revision with its chart. */
export interface ReleaseRecord extends ReleaseStatus {
  chart: { name: string; version: string; appVersion: string };
}

/**
 * The newest revision of a release.
 *
 * @param withResources also asks the cluster for the release's objects
 * @returns undefined where Helm has none of that name
 */
export async function releaseStatus(
  access: ClusterAccess,
  { name, namespace }: ReleaseName,
  withResources = false,
): Promise<ReleaseStatus | undefined> {
  const args = ["status", name, "--namespace", namespace, "--output", "json"];
  const found = await helmJson(access, withResources ? [...args, "--show-resources"] : args);
  if (found === undefined) return undefined;
  const [values, resources] = [at(found, "config"), at(found, "info", "resources")];
  return {
    name,
    namespace,
    revision: numberAt(found, "version") ?? 0,
    status: stringAt(found, "info", "status") ?? "unknown",
    values: isObject(values) ? values : {},
    manifest: stringAt(found, "manifest") ?? "",
    resources: isObject(resources) ? resources : {},
  };
}

/** Adds the chart to a status. */
export async function withChart(access: ClusterAccess, status: ReleaseStatus): Promise<ReleaseRecord> {
  const { name, namespace, revision } = status;
  const args = ["get", "metadata", name, "--namespace", namespace, "--revision", String(revision), "--output", "json"];
  const found = await helmJson(access, args);
  const text = (key: string) => stringAt(found, key) ?? "";
  return { ...status, chart: { name: text("chart"), version: text("version"), appVersion: text("appVersion") } };
}

/** Whether Helm keeps labels with a release's newest revision that match a Kubernetes label selector. */
export async function hasLabels(
  access: ClusterAccess,
  { name, namespace }: ReleaseName,
  selector: string,
): Promise<boolean> {
  const filter = `^${name.replaceAll(".", "\\.")}$`;
  const args = ["list", "--all", "--namespace", namespace, "--filter", filter, "--selector", selector];
  const { stdout } = await helmOn(access, { args: [...args, "--output", "json"] });
  return (parseOutput(stdout) as unknown[]).length > 0;
}

async function helmJson(access: ClusterAccess, args: string[]): Promise<unknown> {
  try {
    return parseOutput((await helmOn(access, { args })).stdout);
  } catch (error) {
    if (error instanceof HelmError && error.isNotFound) return undefined;
    throw error;
  }
}

function parseOutput(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    // The parser's own message quotes the text, which may hold secrets.
    throw new Error("helm answered with something that is not JSON");
  }
}

/**
 * The names of what a manifest holds, by `Kind.group/apiVersion`, such as `Deployment.apps/apps/v1` or `Service/v1`. A
 * name has its namespace before it where the manifest says it.
 */
export function resourceNames(manifest: string): Record<string, string[]> {
  const names = new Map<string, Set<string>>();
  for (const document of parseAllDocuments(manifest, { version: "1.1", merge: true, logLevel: "silent" })) {
    const object: unknown = "toJS" in document ? document.toJS() : undefined;
    const [apiVersion, kind] = [stringAt(object, "apiVersion"), stringAt(object, "kind")];
    if (!isObject(object) || apiVersion === undefined || kind === undefined) continue;
    const { group } = parseGvk(apiVersion, kind);
    const key = `${kind}${group === "" ? "" : `.${group}`}/${apiVersion}`;
    const namespace = namespaceOf(object);
    names.set(key, (names.get(key) ?? new Set()).add(`${namespace === "" ? "" : `${namespace}/`}${nameOf(object)}`));
  }
  return Object.fromEntries([...names].map(([key, set]) => [key, [...set].sort()]));
}
