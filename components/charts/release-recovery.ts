import * as pulumi from "@pulumi/pulumi";
import { ApiServer, KubeError } from "../../lib/api-server";
import { HelmStorage, newestRevisions, sameContent, UNFINISHED, type HelmRevision } from "../../lib/helm-storage";
import { refusal } from "../../lib/refusal";
import { isRecorded } from "../kubernetes/recorded";

/** Type of a Helm release. */
const RELEASE = "kubernetes:helm.sh/v3:Release";

/** Milliseconds within which an API server has to answer a single request. */
const REQUEST_TIMEOUT_MS = 15_000;

/** A release as the program wants it. */
export interface WantedRelease {
  /** Name of the Pulumi resource. */
  readonly resource: string;
  readonly release: string;
  readonly namespace: string;
  /** Name of the chart, or the folder or URL that ends in it. */
  readonly chart: string;
  readonly values: unknown;
}

/**
 * Lets a Helm release go on where a killed run left it. Helm records a release before it installs it and refuses one that it finds
 * there; the provider hands that on as an error, whoever made it. A release that the state does not have, made of the very chart and
 * values that it is to be made of now, was installed by a run that was cut off: Helm's record is removed, and Helm installs the release
 * again over what it finds. Any other release that the state does not have is left alone.
 *
 * @param kubeconfig the administrator's kubeconfig of the cluster.
 * @throws RunError when the release is somebody else's, or when only `./mesh up` can go on with it.
 */
export async function recoverRelease(kubeconfig: string, wanted: WantedRelease): Promise<void> {
  const recorded = await isRecorded(RELEASE, wanted.resource);
  try {
    await recover(await ApiServer.of(kubeconfig, REQUEST_TIMEOUT_MS), wanted, recorded);
  } catch (error) {
    if (error instanceof KubeError || error instanceof pulumi.RunError) throw error;
    // The API server does not answer: the provider says so for each resource.
  }
}

/** See {@link recoverRelease}; `recorded`: whether the state has the release. */
export async function recover(server: ApiServer, wanted: WantedRelease, recorded: boolean): Promise<void> {
  const { release, namespace, chart, values } = wanted;
  const storage = new HelmStorage(server);
  const revisions = await storage.revisions(namespace, release);
  const [newest] = newestRevisions(revisions);
  if (newest === undefined) return;
  if (recorded && !isFirstInstall(newest)) {
    if (UNFINISHED.includes(newest.status)) throw unfinished(newest);
    return;
  }
  if (!sameContent(await storage.content(newest), chart, values)) throw foreign(newest, server);
  for (const revision of revisions) await storage.forget(revision);
}

/** A first install is recorded in the state only when it has ended: what the state has is a release in another cluster, which this one replaces. */
function isFirstInstall({ revision, status }: HelmRevision): boolean {
  return revision === 1 && status === "pending-install";
}

function unfinished({ release, namespace, status }: HelmRevision): pulumi.RunError {
  return refusal(`the Helm release ${release} in namespace ${namespace} is ${status}: a run before was cut off. Go on with: ./mesh up ${pulumi.getStack()}`);
}

function foreign({ release, namespace }: HelmRevision, server: ApiServer): pulumi.RunError {
  return refusal(
    `a Helm release ${release} is in namespace ${namespace} of ${server.server} already, and this stack did not install it. ` +
      `Give the mesh a cluster without it, or remove it: helm uninstall ${release} --namespace ${namespace}. ` +
      `If a run of this stack with other settings was cut off, go on with: ./mesh up ${pulumi.getStack()}`,
  );
}
