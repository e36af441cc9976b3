import { ApiServer, type KubeObject } from "../../lib/api-server";
import type { PulumiCommands } from "../lib/pulumi";
import { interruptedCreations, isInCluster, kubeconfigsByProvider, plainInputs, RELEASE, withRecorded, type Deployment, type StateResource, type Unrecorded } from "../lib/state";
import { interruptedInstall, REQUEST_TIMEOUT_MS } from "./releases";

/**
 * What an interrupted run was creating in clusters and what exists of it: so that it can be recorded, and then deleted like everything
 * else. What is deleted with its cluster is left out, and so is a release that was not installed from what the state says.
 *
 * @param deployment with secrets in plain text: never to be printed.
 */
export async function unrecordedObjects(deployment: Deployment): Promise<Unrecorded[]> {
  const kubeconfigs = kubeconfigsByProvider(deployment);
  const found: Unrecorded[] = [];
  for (const resource of interruptedCreations(deployment).filter(isInCluster).filter(isDeletedByItself)) {
    const id = resource.type === RELEASE ? await idOfRelease(resource, kubeconfigs) : await idOfObject(resource, kubeconfigs);
    if (id !== undefined) found.push({ urn: resource.urn, id });
  }
  return found;
}

/**
 * Records what an interrupted run left in clusters: see {@link unrecordedObjects}. Nothing is pending afterwards.
 *
 * @param deployment with secrets in plain text: never to be printed.
 * @returns the same with what was recorded.
 */
export async function recordUnrecorded(pulumi: Pick<PulumiCommands, "export" | "import" | "refresh">, stack: string, deployment: Deployment): Promise<Deployment> {
  const found = await unrecordedObjects(deployment);
  // The state that is imported has its secrets encrypted.
  const state = JSON.parse((await pulumi.export(stack)).text) as { readonly deployment: Deployment };
  await pulumi.import(stack, { text: JSON.stringify({ ...state, deployment: withRecorded(state.deployment, found) }) });
  if (found.length > 0) await pulumi.refresh(stack, found.map(({ urn }) => urn));
  return withRecorded(deployment, found);
}

function isDeletedByItself({ deletedWith }: StateResource): boolean {
  return deletedWith === undefined || deletedWith === "";
}

async function idOfRelease(resource: StateResource, kubeconfigs: ReadonlyMap<string, string>): Promise<string | undefined> {
  const install = await interruptedInstall(resource, kubeconfigs);
  return install && `${install.location.namespace}/${install.location.release}`;
}

async function idOfObject({ inputs, provider }: StateResource, kubeconfigs: ReadonlyMap<string, string>): Promise<string | undefined> {
  const kubeconfig = kubeconfigs.get(provider ?? "");
  const object = plainInputs(inputs) as KubeObject;
  if (kubeconfig === undefined || !(await exists(kubeconfig, object))) return undefined;
  const { name, namespace } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

async function exists(kubeconfig: string, object: KubeObject): Promise<boolean> {
  try {
    const server = await ApiServer.of(kubeconfig, REQUEST_TIMEOUT_MS);
    return (await server.find(await server.pathOf(object))) !== undefined;
  } catch {
    // A kind that is not served has no objects, and a cluster that does not answer is reported by what follows.
    return false;
  }
}
