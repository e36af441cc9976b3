import { ApiServer, type KubeObject } from "../../lib/api-server";
import type { Deployment, Pulumi, StateResource } from "../lib/pulumi";
import { interruptedCreations, kubeconfigsByProvider, ownRecords, plain, RELEASE, REQUEST_TIMEOUT_MS } from "./releases";

/** A resource that stands in its cluster and that the state does not record. */
export interface Unrecorded {
  readonly urn: string;
  /** As the provider identifies it. */
  readonly id: string;
}

/**
 * What a run was creating in clusters when it was cut off, as far as it is there: so that it can be recorded, and then deleted like the
 * rest. What goes with its cluster is left out, and so is a release that is not made of what the state says.
 *
 * @param deployment the state with its secrets in plain text: never to be printed.
 */
export async function unrecordedObjects(deployment: Deployment): Promise<Unrecorded[]> {
  const kubeconfigs = kubeconfigsByProvider(deployment);
  const found: Unrecorded[] = [];
  for (const resource of interruptedCreations(deployment).filter(isDeletedByItself)) {
    if (resource.type === RELEASE) {
      const { site } = (await ownRecords(resource, kubeconfigs)) ?? {};
      if (site) found.push({ urn: resource.urn, id: `${site.namespace}/${site.release}` });
    } else {
      const kubeconfig = kubeconfigs.get(resource.provider ?? "");
      const object = plain(resource.inputs) as KubeObject;
      if (kubeconfig !== undefined && (await isThere(kubeconfig, object))) found.push({ urn: resource.urn, id: idOf(object) });
    }
  }
  return found;
}

/** Records what a cut-off run left in clusters, for {@link unrecordedObjects}. What was pending is no longer so afterwards. */
export async function recordUnrecorded(pulumi: Pulumi, stack: string): Promise<void> {
  const found = await unrecordedObjects((await pulumi.export(stack, { showSecrets: true })).deployment);
  await pulumi.import(stack, { text: withResources((await pulumi.export(stack)).text, found) });
  if (found.length > 0) await pulumi.refresh(stack, found.map(({ urn }) => urn));
}

/** A state in which pending creates are recorded as done: last, since nothing rests on them. */
export function withResources(text: string, found: readonly Unrecorded[]): string {
  const state = JSON.parse(text) as { deployment: { resources?: object[]; pending_operations?: { resource: StateResource }[] } };
  const { resources = [], pending_operations: pending = [] } = state.deployment;
  for (const { urn, id } of found) {
    const operation = pending.find(({ resource }) => resource.urn === urn);
    if (operation) resources.push({ ...operation.resource, id, outputs: operation.resource.inputs ?? {} });
  }
  return JSON.stringify({ ...state, deployment: { ...state.deployment, resources } });
}

function isDeletedByItself({ deletedWith }: StateResource): boolean {
  return deletedWith === undefined || deletedWith === "";
}

async function isThere(kubeconfig: string, object: KubeObject): Promise<boolean> {
  try {
    const server = await ApiServer.of(kubeconfig, REQUEST_TIMEOUT_MS);
    return (await server.find(await server.pathOf(object))) !== undefined;
  } catch {
    // A kind that is not served has no objects, and a cluster that does not answer is told by what follows.
    return false;
  }
}

function idOf({ metadata: { name, namespace } }: KubeObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
