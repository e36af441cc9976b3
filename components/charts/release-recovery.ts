import * as pulumi from "@pulumi/pulumi";
import { ApiServer, KubeError } from "../../lib/api-server";
import { UserError } from "../../lib/errors";
import { HelmStorage, newestRevisions, sameContent, UNFINISHED, type HelmRevision } from "../../lib/helm-storage";
import { refusal, refused } from "../../lib/refusal";
import { isRecorded } from "../kubernetes/recorded";

/** Type of a Helm release. */
const RELEASE = "kubernetes:helm.sh/v3:Release";

/** Milliseconds within which an API server has to answer a single request. */
const REQUEST_TIMEOUT_MS = 15_000;

/** A release as the program wants it to be. */
export interface WantedRelease {
  /** Name of the Pulumi resource. */
  readonly resource: string;
  /** Name of the release. */
  readonly release: string;
  readonly namespace: string;
  /** Name of the chart, or the folder or URL that ends in it. */
  readonly chart: string;
  readonly values: unknown;
}

/**
 * Continues a Helm release where an interrupted run left it. Helm records a release before it installs it, and refuses to install a
 * release that is recorded; the provider reports that as an error, whoever installed it. A release that is not in the state, of the
 * same chart with the same values as the wanted one, is from an interrupted run: Helm's record is removed, and Helm installs the
 * release again over what is there. Any other release that is not in the state is left alone.
 *
 * @param kubeconfig the administrator's kubeconfig of the cluster
 * @throws RunError when the stack did not install the release, or when only `./mesh up` can continue it
 */
export async function recoverRelease(kubeconfig: string, wanted: WantedRelease): Promise<void> {
  const recorded = await isRecorded(RELEASE, wanted.resource);
  try {
    await recover(await ApiServer.of(kubeconfig, REQUEST_TIMEOUT_MS), wanted, recorded);
  } catch (error) {
    if (error instanceof KubeError || error instanceof pulumi.RunError) throw refused(error);
    // The API server does not answer: the provider reports that for each resource.
  }
}

/** See {@link recoverRelease}; `recorded`: whether the release is in the state. */
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

/** The state gets a first install only once it has ended: what the state has is a release in another cluster, which this one replaces. */
function isFirstInstall({ revision, status }: HelmRevision): boolean {
  return revision === 1 && status === "pending-install";
}

function unfinished({ release, namespace, status }: HelmRevision): pulumi.RunError {
  const problem = `the Helm release ${release} in namespace ${namespace} is ${status}: an earlier run was interrupted`;
  return refusal(new UserError("helm-release-unfinished", `${problem}. Continue with: ./mesh up ${pulumi.getStack()}`));
}

function foreign({ release, namespace }: HelmRevision, server: ApiServer): pulumi.RunError {
  const problem =
    `a Helm release ${release} is in namespace ${namespace} of ${server.server} already, and this stack did not install it. ` +
      `Use a cluster without it, or remove it: helm uninstall ${release} --namespace ${namespace}. ` +
      `If a run of this stack with other settings was interrupted, continue with: ./mesh up ${pulumi.getStack()}`;
  return refusal(new UserError("helm-release-foreign", problem));
}
