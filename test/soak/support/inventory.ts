/** Everything that is in a cluster, as its API server tells it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../support/run";
import type { ApiServer } from "../../integration/support/api-server";
import { airgapBinary } from "../../integration/support/home";

/** An object, as far as these tests look at it. */
export interface Found {
  readonly apiVersion: string;
  readonly kind: string;
  readonly type?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly unknown[];
  };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

/** What Kubernetes writes by itself: again and again, or for each Service and each kind that there is. */
const BY_ITSELF = new Set(["Event", "Lease", "Endpoints", "EndpointSlice", "Node", "IPAddress", "APIService"]);

/** All objects of all kinds in all namespaces, without those that Kubernetes writes by itself or because of others. */
export async function inventory(server: Pick<ApiServer, "kubeconfigPath">): Promise<Found[]> {
  const cache = mkdtempSync(join(tmpdir(), "usmesh-kubectl-"));
  const kubectl = async (...args: string[]): Promise<string> => {
    const { stdout } = await run(airgapBinary("kubectl"), ["--kubeconfig", server.kubeconfigPath, "--cache-dir", cache, ...args]);
    return stdout;
  };
  try {
    const kinds = (await kubectl("api-resources", "--verbs=list", "--output=name")).split("\n").filter((kind) => kind !== "");
    const all = JSON.parse(await kubectl("get", kinds.join(","), "--all-namespaces", "--output=json")) as { items: Found[] };
    return all.items.filter(({ kind, metadata }) => !BY_ITSELF.has(kind) && metadata.ownerReferences === undefined);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

/** An object's name among all objects. */
export function nameOf({ apiVersion, kind, metadata: { namespace, name } }: Found): string {
  return [apiVersion, kind, ...(namespace === undefined ? [] : [namespace]), name].join("/");
}

/** Every object's identity and version, by {@link nameOf}: equal as long as nobody writes to the object. */
export function versions(objects: readonly Found[]): Record<string, string> {
  return Object.fromEntries(objects.map((object) => [nameOf(object), `${object.metadata.uid} ${object.metadata.resourceVersion}`]));
}

/** Helm's releases in a cluster: `name: status` of each one's last revision, sorted. */
export function releases(objects: readonly Found[]): string[] {
  const last = new Map<string, { revision: number; status: string }>();
  for (const { metadata } of objects.filter(isReleaseRecord)) {
    const { name = "", version = "0", status = "" } = metadata.labels ?? {};
    const revision = Number(version);
    if (revision > (last.get(name)?.revision ?? 0)) last.set(name, { revision, status });
  }
  return [...last].map(([name, { status }]) => `${name}: ${status}`).sort();
}

/** Whether an object is where Helm keeps a revision of a release. */
export function isReleaseRecord({ type }: Found): boolean {
  return type === "helm.sh/release.v1";
}
