import { createHash } from "node:crypto";
import { parse } from "yaml";
import { UserError } from "../lib/errors";
import { isTree } from "../lib/merge";
import type { ChartModel, MeshModel } from "../settings/model";

/** Milliseconds within which a repository has to answer. */
const TIMEOUT_MS = 30_000;

const OCI = "oci://";

/** The manifests of charts in OCI registries. */
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/** How to ask for an address; as the global `fetch`. */
export type Fetch = (url: string, init: { readonly headers: Record<string, string>; readonly signal: AbortSignal }) => Promise<Response>;

/**
 * Why charts with a digest in the settings must not be installed: the repository has others under the same version, or they cannot be
 * read. Charts in a folder are not looked at, and neither are those of a version that the digests are not for.
 */
export async function chartDigestProblems({ metallb, clusters, observability }: Pick<MeshModel, "metallb" | "clusters" | "observability">, ask: Fetch = fetch): Promise<UserError[]> {
  const installs = clusters.flatMap(({ istio }) => [istio, ...(istio.next ? [istio.next] : [])]);
  const wanted = [
    ...installs.flatMap((install) => wantedOf(install, (chart) => `usmesh:istio.digests.${chart}`)),
    ...(clusters.some((cluster) => cluster.metallb) ? wantedOf(metallb, () => "usmesh:metallb.digest") : []),
    ...(observability.kiali.enabled ? wantedOf(observability.kiali, () => "usmesh:observability.kiali.digest") : []),
  ];
  // Clusters have the same charts.
  const different = [...new Map(wanted.map((chart) => [chart.setting, chart])).values()];
  return (await Promise.all(different.map((chart) => problemOf(chart, ask)))).flat();
}

/** A chart, and the digest that it has to have. */
interface WantedChart {
  readonly setting: string;
  readonly chart: string;
  readonly digest: string;
  readonly repository: string;
  readonly version: string;
}

function wantedOf({ charts, digests, repository, version }: ChartModel, setting: (chart: string) => string): WantedChart[] {
  if (charts !== undefined) return [];
  return Object.entries(digests).map(([chart, digest]) => ({ setting: setting(chart), chart, digest, repository, version }));
}

async function problemOf(wanted: WantedChart, ask: Fetch): Promise<UserError[]> {
  const { setting, chart, digest, repository, version } = wanted;
  const what = `the chart ${chart} ${version} of ${repository}`;
  try {
    const found = `sha256:${createHash("sha256").update(repository.startsWith(OCI) ? await manifest(wanted, ask) : await archive(wanted, ask)).digest("hex")}`;
    if (found === digest) return [];
    return [new UserError("chart-digest-differs", `${setting}: ${what} has the digest ${found}, not ${digest}; nothing was changed. Find out why, and set it only if you trust that chart`)];
  } catch (error) {
    return [new UserError("chart-unreadable", `${setting}: ${what} cannot be compared with its digest (${(error as Error).message}); nothing was changed`)];
  }
}

/** The archive of a chart, where the repository's index says that it is. */
async function archive({ chart, repository, version }: WantedChart, ask: Fetch): Promise<Buffer> {
  const base = `${repository.replace(/\/$/, "")}/`;
  const index: unknown = parse((await read(ask, `${base}index.yaml`)).toString());
  const entries: unknown = isTree(index) && isTree(index["entries"]) ? index["entries"][chart] : undefined;
  const entry = (Array.isArray(entries) ? entries : []).find((one: unknown) => isTree(one) && String(one["version"]).replace(/^v/, "") === version) as { urls?: readonly string[] } | undefined;
  const url = entry?.urls?.[0];
  if (url === undefined) throw new Error("its index does not have it");
  return read(ask, new URL(url, base).href);
}

/** The manifest of a chart in an OCI registry, whose digest is the chart's. */
async function manifest({ chart, repository, version }: WantedChart, ask: Fetch): Promise<Buffer> {
  const [host = "", ...path] = `${repository.slice(OCI.length).replace(/\/$/, "")}/${chart}`.split("/");
  // A tag has no `+`; Helm writes `_`.
  const url = `https://${host === "docker.io" ? "registry-1.docker.io" : host}/v2/${path.join("/")}/manifests/${version.replace("+", "_")}`;
  const headers = { accept: MANIFEST };
  const response = await send(ask, url, headers);
  if (response.status !== 401) return bodyOf(url, response);
  const token = await anonymousToken(response.headers.get("www-authenticate") ?? "", ask);
  return bodyOf(url, await send(ask, url, { ...headers, authorization: `Bearer ${token}` }));
}

/** The token that a public registry gives to everybody. */
async function anonymousToken(challenge: string, ask: Fetch): Promise<string> {
  const { realm, ...parameters } = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value])) as Record<string, string>;
  if (realm === undefined || !realm.startsWith("https://")) throw new Error("the registry wants a login");
  const answer = JSON.parse((await read(ask, `${realm}?${new URLSearchParams(parameters).toString()}`)).toString()) as { token?: string; access_token?: string };
  const token = answer.token ?? answer.access_token;
  if (token === undefined) throw new Error("the registry wants a login");
  return token;
}

function send(ask: Fetch, url: string, headers: Record<string, string> = {}): Promise<Response> {
  return ask(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
}

async function read(ask: Fetch, url: string): Promise<Buffer> {
  return bodyOf(url, await send(ask, url));
}

async function bodyOf(url: string, response: Response): Promise<Buffer> {
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
