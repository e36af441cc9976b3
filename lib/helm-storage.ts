import { isDeepStrictEqual } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { type ApiServer, MERGE_PATCH } from "./api-server";

/** Status of a revision of a Helm release, in Helm's own words. */
export type HelmStatus =
  | "unknown"
  | "deployed"
  | "uninstalled"
  | "superseded"
  | "failed"
  | "uninstalling"
  | "pending-install"
  | "pending-upgrade"
  | "pending-rollback";

/** Statuses that a release has only while Helm is working on it. Otherwise Helm was killed, and refuses the release from then on. */
export const UNFINISHED: readonly HelmStatus[] = ["pending-install", "pending-upgrade", "pending-rollback", "uninstalling"];

/** One revision of a release, without its content. */
export interface HelmRevision {
  readonly release: string;
  readonly namespace: string;
  readonly revision: number;
  readonly status: HelmStatus;
  /** Name of the Secret with its record. */
  readonly secret: string;
}

/** What a release was installed from. */
export interface HelmContent {
  /** Name of the chart, without a version. */
  readonly chart: string;
  /** Its values. */
  readonly values: unknown;
}

interface Meta {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels?: Readonly<Record<string, string>> };
}

interface StoredRelease {
  readonly chart?: { readonly metadata?: { readonly name?: string } };
  readonly config?: unknown;
  info?: { status?: HelmStatus; description?: string };
}

/** Helm's records of its releases in one cluster: Secrets of type `helm.sh/release.v1`, one for each revision. */
export class HelmStorage {
  constructor(private readonly server: ApiServer) {}

  /**
   * Revisions, oldest first. Only their metadata is read: values may be secret.
   *
   * @param namespace namespace of the releases. Default: all namespaces.
   * @param release name of the release. Default: all releases.
   */
  async revisions(namespace?: string, release?: string): Promise<HelmRevision[]> {
    const selector = encodeURIComponent(release === undefined ? "owner=helm" : `owner=helm,name=${release}`);
    const path = `${namespace === undefined ? "/api/v1" : `/api/v1/namespaces/${namespace}`}/secrets?labelSelector=${selector}`;
    const items = await this.server.listMetadata<Meta>(path);
    return items
      .map(({ metadata: { name, namespace: where, labels = {} } }) => ({
        release: labels["name"] ?? "",
        namespace: where,
        revision: Number(labels["version"]),
        status: (labels["status"] ?? "unknown") as HelmStatus,
        secret: name,
      }))
      .sort((a, b) => a.revision - b.revision);
  }

  /** Removes the record of a revision. What the release created in the cluster stays. */
  async forget({ namespace, secret }: HelmRevision): Promise<void> {
    await this.server.remove(secretPath(namespace, secret));
  }

  /** What a revision was installed from. */
  async content({ namespace, secret }: HelmRevision): Promise<HelmContent> {
    const { data } = await this.server.get<{ readonly data: { readonly release: string } }>(secretPath(namespace, secret));
    const { chart, config } = decodeRelease(data.release);
    return { chart: chart?.metadata?.name ?? "", values: config ?? {} };
  }

  /**
   * Records a revision as failed, as Helm itself does when it is interrupted: the next upgrade continues from there.
   *
   * @param description what `helm status` shows as the reason.
   */
  async markFailed({ namespace, secret }: HelmRevision, description: string): Promise<void> {
    const path = secretPath(namespace, secret);
    const { data } = await this.server.get<{ readonly data: { readonly release: string } }>(path);
    const release = decodeRelease(data.release);
    release.info = { ...release.info, status: "failed", description };
    const patch = { metadata: { labels: { status: "failed" } }, data: { release: encodeRelease(release) } };
    await this.server.request("PATCH", path, patch, MERGE_PATCH);
  }
}

/** The newest revision of each release: its status is the release's. */
export function newestRevisions(revisions: readonly HelmRevision[]): HelmRevision[] {
  const newest = new Map<string, HelmRevision>();
  for (const revision of revisions) {
    const key = `${revision.namespace}/${revision.release}`;
    if ((newest.get(key)?.revision ?? 0) < revision.revision) newest.set(key, revision);
  }
  return [...newest.values()];
}

/**
 * Whether a release was installed from this chart and these values. Empty values do not count: Pulumi's provider drops them.
 *
 * @param chart the chart's name, or the folder or URL that ends in it.
 */
export function sameContent(stored: HelmContent, chart: string, values: unknown): boolean {
  return stored.chart === chart.split("/").at(-1) && isDeepStrictEqual(withoutEmpty(stored.values), withoutEmpty(values));
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(withoutEmpty);
  if (typeof value !== "object" || value === null) return value ?? undefined;
  const entries = Object.entries(value).map(([key, inner]) => [key, withoutEmpty(inner)] as const).filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function secretPath(namespace: string, secret: string): string {
  return `/api/v1/namespaces/${namespace}/secrets/${secret}`;
}

/** Helm stores a release as gzipped JSON in base64; a Secret's data is base64 once more. */
function decodeRelease(data: string): StoredRelease {
  const inner = Buffer.from(data, "base64").toString();
  return JSON.parse(gunzipSync(Buffer.from(inner, "base64")).toString()) as StoredRelease;
}

function encodeRelease(release: StoredRelease): string {
  return Buffer.from(gzipSync(JSON.stringify(release)).toString("base64")).toString("base64");
}
