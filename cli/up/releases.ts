import { ApiServer } from "../../lib/api-server";
import { HelmStorage, newestRevisions, sameContent, UNFINISHED, type HelmRevision } from "../../lib/helm-storage";
import type { Deployment, Pulumi, StateResource } from "../lib/pulumi";
import { say } from "../lib/say";

/** Type of a Helm release in the state. */
export const RELEASE = "kubernetes:helm.sh/v3:Release";

/** Milliseconds within which an API server has to answer a single request. */
export const REQUEST_TIMEOUT_MS = 15_000;

/** What the engine does, once more, with a resource that did not become ready: it updates it, changed or not. */
const NOT_READY = "a run that worked on it was cut off";

/** Where a release is, as the state records it. */
export interface Site {
  readonly storage: HelmStorage;
  readonly release: string;
  readonly namespace: string;
}

/** What was done to the releases of a stack. */
export interface Repair {
  /** URNs of releases that the state records and that an `up` has to bring in order. */
  readonly unfinished: readonly string[];
  /** URNs of releases that the state records and that their cluster does not have. */
  readonly gone: readonly string[];
  /** Names of releases that the state does not record, whose records were removed: the next `up` installs them again. */
  readonly forgotten: readonly string[];
}

/**
 * Looks in the clusters at each Helm release that a state records or that a run was installing when it was cut off, and brings Helm's
 * records into a state from which Helm goes on. Helm itself refuses a release whose record says that a Helm is still at work on it.
 *
 * Nothing is done to a release that the state does not record as installed, or as being installed from the very chart and values that
 * Helm's record holds. A cluster that does not answer is left out.
 *
 * @param deployment the state with its secrets in plain text: never to be printed.
 */
export async function repairReleases(deployment: Deployment): Promise<Repair> {
  const kubeconfigs = kubeconfigsByProvider(deployment);
  const repair = { unfinished: [] as string[], gone: [] as string[], forgotten: [] as string[] };
  for (const resource of (deployment.resources ?? []).filter(({ type, delete: going }) => type === RELEASE && going !== true)) {
    const site = await siteOf(resource, kubeconfigs);
    const revisions = site && (await answer(site.storage.revisions(site.namespace, site.release)));
    if (!site || !revisions) continue;
    const [newest] = newestRevisions(revisions);
    if (newest === undefined) repair.gone.push(resource.urn);
    else if (UNFINISHED.includes(newest.status)) {
      await site.storage.markFailed(newest, `was ${newest.status} when a run was cut off`);
      repair.unfinished.push(resource.urn);
    }
  }
  for (const resource of interruptedCreations(deployment).filter(({ type }) => type === RELEASE)) {
    const own = await ownRecords(resource, kubeconfigs);
    if (!own) continue;
    for (const revision of own.revisions) await own.site.storage.forget(revision);
    repair.forgotten.push(own.site.release);
  }
  return repair;
}

/** Helm's records of a release that a cut-off run was installing; undefined when there are none, or when they are somebody else's. */
export async function ownRecords(
  resource: StateResource,
  kubeconfigs: ReadonlyMap<string, string>,
): Promise<{ readonly site: Site; readonly revisions: readonly HelmRevision[] } | undefined> {
  const site = await siteOf(resource, kubeconfigs);
  const revisions = site && (await answer(site.storage.revisions(site.namespace, site.release)));
  const [newest] = newestRevisions(revisions ?? []);
  if (!site || !revisions || newest === undefined) return undefined;
  const { chart, values } = plain(resource.inputs) as { readonly chart?: string; readonly values?: unknown };
  return sameContent(await site.storage.content(newest), chart ?? "", values) ? { site, revisions } : undefined;
}

/**
 * Makes a stack's releases ready for the next `up`; see {@link repairReleases}.
 *
 * @returns whether anything had to be done.
 */
export async function repairForUp(pulumi: Pulumi, stack: string): Promise<boolean> {
  const { unfinished, gone, forgotten } = await repairReleases((await pulumi.export(stack, { showSecrets: true })).deployment);
  const count = unfinished.length + gone.length + forgotten.length;
  if (count === 0) return false;
  say(`stack ${stack}: a run before was cut off while Helm was at work on ${count} ${count === 1 ? "release" : "releases"}; going on with them`);
  if (gone.length > 0) await pulumi.refresh(stack, gone);
  if (unfinished.length > 0) await pulumi.import(stack, withInitErrors(await pulumi.export(stack), unfinished));
  return true;
}

/** Lets go of the releases that are gone already: deleting one of those would fail. Helm deletes an unfinished one like any other. */
export async function repairForDown(pulumi: Pulumi, stack: string): Promise<void> {
  const { gone } = await repairReleases((await pulumi.export(stack, { showSecrets: true })).deployment);
  if (gone.length > 0) await pulumi.refresh(stack, gone);
}

/** The state with resources marked as not ready. */
function withInitErrors(exported: { readonly text: string }, urns: readonly string[]): { readonly text: string } {
  const state = JSON.parse(exported.text) as { deployment: { resources?: { urn: string; initErrors?: string[] }[] } };
  for (const resource of state.deployment.resources ?? []) if (urns.includes(resource.urn)) resource.initErrors = [NOT_READY];
  return { text: JSON.stringify(state) };
}

/**
 * What a run was creating in clusters when it was cut off and the state does not record. Pulumi keeps the note of a creation also when a
 * later run has done it: what is recorded with the same provider is there by rights.
 */
export function interruptedCreations({ pending_operations: pending = [], resources = [] }: Deployment): StateResource[] {
  const isRecorded = ({ urn, provider }: StateResource): boolean =>
    resources.some((recorded) => recorded.urn === urn && recorded.provider === provider && recorded.delete !== true);
  return pending
    .filter(({ type, resource }) => type === "creating" && resource.type.startsWith("kubernetes:") && !isRecorded(resource))
    .map(({ resource }) => resource);
}

/** By URN and id of the provider: the administrator's kubeconfig of its cluster. */
export function kubeconfigsByProvider(deployment: Deployment): Map<string, string> {
  const providers = (deployment.resources ?? []).filter(({ type }) => type === "pulumi:providers:kubernetes");
  return new Map(
    providers.flatMap(({ urn, id, inputs }): [string, string][] => {
      const { kubeconfig } = plain(inputs) as { readonly kubeconfig?: unknown };
      return typeof kubeconfig === "string" ? [[`${urn}::${id}`, kubeconfig]] : [];
    }),
  );
}

async function siteOf({ provider = "", inputs }: StateResource, kubeconfigs: ReadonlyMap<string, string>): Promise<Site | undefined> {
  const kubeconfig = kubeconfigs.get(provider);
  const { name, namespace } = plain(inputs) as { readonly name?: unknown; readonly namespace?: unknown };
  if (kubeconfig === undefined || typeof name !== "string" || typeof namespace !== "string") return undefined;
  return { storage: new HelmStorage(await ApiServer.of(kubeconfig, REQUEST_TIMEOUT_MS)), release: name, namespace };
}

/** What a cluster answers; undefined when it does not, which the operation itself will tell better. */
async function answer<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch(() => undefined);
}

/** Inputs as the program gave them: an exported state wraps a secret in a record with its JSON. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const { plaintext } = value as { readonly plaintext?: unknown };
  if (SECRET_SIGNATURE in value && typeof plaintext === "string") return JSON.parse(plaintext) as unknown;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Key by which Pulumi tells its own records, secrets among them, from the user's. */
const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";
