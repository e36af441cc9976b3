import { ApiServer } from "../../lib/api-server";
import { HelmStorage, newestRevisions, sameContent, UNFINISHED, type HelmRevision } from "../../lib/helm-storage";
import type { PulumiCommands } from "../lib/pulumi";
import { say } from "../lib/say";
import { interruptedCreations, isLive, kubeconfigsByProvider, plainInputs, RELEASE, type Deployment, type StateResource } from "../lib/state";

/** How long an API server may take to answer a single request. */
export const REQUEST_TIMEOUT_MS = 15_000;

/** Why a resource is marked as not ready: the engine updates one that did not become ready, changed or not. */
const NOT_READY = "a run that worked on it was interrupted";

/** Where a release is, as the state records it. */
export interface ReleaseLocation {
  readonly storage: HelmStorage;
  readonly release: string;
  readonly namespace: string;
}

/** A release that an interrupted run was installing. */
export interface InterruptedInstall {
  readonly location: ReleaseLocation;
  readonly revisions: readonly HelmRevision[];
}

/** What was done to the releases of a stack. */
export interface Repair {
  /** URNs of releases that the state records and that the next `up` must complete. */
  readonly unfinished: readonly string[];
  /** URNs of releases that the state records and that do not exist in their cluster. */
  readonly missing: readonly string[];
  /** Names of releases that the state does not record and whose records in the cluster were removed: the next `up` installs them again. */
  readonly forgotten: readonly string[];
}

/**
 * Looks in the clusters at each Helm release that a state records or that an interrupted run was installing, and changes Helm's records
 * so that Helm can continue. Helm itself refuses a release whose record says that a Helm is still working on it.
 *
 * Nothing is done to a release unless the state records it as installed, or as being installed from the very chart and values that Helm's
 * record holds. A cluster that does not answer is left out.
 *
 * @param deployment with secrets in plain text: never to be printed.
 */
export async function repairReleases(deployment: Deployment): Promise<Repair> {
  const kubeconfigs = kubeconfigsByProvider(deployment);
  const repair = { unfinished: [] as string[], missing: [] as string[], forgotten: [] as string[] };
  for (const resource of (deployment.resources ?? []).filter((recorded) => recorded.type === RELEASE && isLive(recorded))) {
    const location = await locationOf(resource, kubeconfigs);
    const revisions = location && (await revisionsAt(location));
    if (!revisions) continue;
    const [newest] = newestRevisions(revisions);
    if (newest === undefined) repair.missing.push(resource.urn);
    else if (UNFINISHED.includes(newest.status)) {
      await location.storage.markFailed(newest, `was ${newest.status} when a run was interrupted`);
      repair.unfinished.push(resource.urn);
    }
  }
  for (const resource of interruptedCreations(deployment).filter(({ type }) => type === RELEASE)) {
    const install = await interruptedInstall(resource, kubeconfigs);
    if (!install) continue;
    for (const revision of install.revisions) await install.location.storage.forget(revision);
    repair.forgotten.push(install.location.release);
  }
  return repair;
}

/** What Helm recorded of a release that an interrupted run was installing; undefined when that is nothing, or somebody else's. */
export async function interruptedInstall(resource: StateResource, kubeconfigs: ReadonlyMap<string, string>): Promise<InterruptedInstall | undefined> {
  const location = await locationOf(resource, kubeconfigs);
  const revisions = location && (await revisionsAt(location));
  const [newest] = newestRevisions(revisions ?? []);
  if (!location || !revisions || newest === undefined) return undefined;
  const { chart, values } = plainInputs(resource.inputs) as { readonly chart?: string; readonly values?: unknown };
  return sameContent(await location.storage.content(newest), chart ?? "", values) ? { location, revisions } : undefined;
}

/**
 * Prepares a stack's releases for the next `up`; see {@link repairReleases}.
 *
 * @returns whether anything had to be done.
 */
export async function repairForUp(pulumi: Pick<PulumiCommands, "export" | "import" | "refresh">, stack: string): Promise<boolean> {
  const { unfinished, missing, forgotten } = await repairReleases((await pulumi.export(stack, { showSecrets: true })).deployment);
  const count = unfinished.length + missing.length + forgotten.length;
  if (count === 0) return false;
  say(`stack ${stack}: a previous run was interrupted while Helm was working on ${count} ${count === 1 ? "release" : "releases"}; continuing with them`);
  if (missing.length > 0) await pulumi.refresh(stack, missing);
  if (unfinished.length > 0) await pulumi.import(stack, withInitErrors(await pulumi.export(stack), unfinished));
  return true;
}

/**
 * Removes releases that do not exist from the state: deleting one would fail. Helm deletes an unfinished one like any other.
 *
 * @param deployment with secrets in plain text: never to be printed.
 */
export async function repairForDown(pulumi: Pick<PulumiCommands, "refresh">, stack: string, deployment: Deployment): Promise<void> {
  const { missing } = await repairReleases(deployment);
  if (missing.length > 0) await pulumi.refresh(stack, missing);
}

/** The state with resources marked as not ready. */
function withInitErrors(exported: { readonly text: string }, urns: readonly string[]): { readonly text: string } {
  const state = JSON.parse(exported.text) as { deployment: { resources?: { urn: string; initErrors?: string[] }[] } };
  for (const resource of state.deployment.resources ?? []) if (urns.includes(resource.urn)) resource.initErrors = [NOT_READY];
  return { text: JSON.stringify(state) };
}

async function locationOf({ provider = "", inputs }: StateResource, kubeconfigs: ReadonlyMap<string, string>): Promise<ReleaseLocation | undefined> {
  const kubeconfig = kubeconfigs.get(provider);
  const { name, namespace } = plainInputs(inputs) as { readonly name?: unknown; readonly namespace?: unknown };
  if (kubeconfig === undefined || typeof name !== "string" || typeof namespace !== "string") return undefined;
  return { storage: new HelmStorage(await ApiServer.of(kubeconfig, REQUEST_TIMEOUT_MS)), release: name, namespace };
}

/** Helm's records of a release; undefined when the cluster does not answer, which the operation that follows reports better. */
async function revisionsAt({ storage, namespace, release }: ReleaseLocation): Promise<HelmRevision[] | undefined> {
  return storage.revisions(namespace, release).catch(() => undefined);
}
