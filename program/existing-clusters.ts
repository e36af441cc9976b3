import * as pulumi from "@pulumi/pulumi";
import { PROVIDER_TYPE, providerName } from "../components/cluster";
import { clusterUid } from "../components/kubernetes/cluster-identity";
import { isRecorded } from "../components/kubernetes/recorded";
import { ApiServer, KubeError, type KubeObject } from "../lib/api-server";
import { MeshError, UserError } from "../lib/errors";
import { HelmStorage } from "../lib/helm-storage";
import { thisStack } from "../lib/this-stack";
import { see } from "../lib/troubleshooting";
import type { MeshModel } from "../settings/model";
import { ADOPTED_ANNOTATION, componentNames, EAST_WEST_GATEWAY, INGRESS_GATEWAY, ISTIO_NAMESPACE, OWNER_ANNOTATION } from "../topology/names";
import { ofRevision, REVISIONS } from "../topology/revisions";

/** Milliseconds within which an API server has to answer. */
const TIMEOUT_MS = 10_000;

/** Type of a namespace. */
const NAMESPACE = "kubernetes:core/v1:Namespace";

/** Releases of Istio that the program installs. */
const RELEASES = ["istio-base", ...REVISIONS.map((revision) => ofRevision("istiod", revision)), INGRESS_GATEWAY, EAST_WEST_GATEWAY];

/** What was found in the existing clusters before anything is written to them. */
export interface ExistingClusters {
  /** Why the run must not continue. */
  readonly problems: readonly UserError[];
  /** What the user should know, a line each. */
  readonly warnings: readonly string[];
  /** By cluster key: its UID. Clusters that do not answer are left out. */
  readonly uids: Readonly<Record<string, string>>;
  /** Keys of the clusters whose namespace istio-system was there before the mesh, and stays. */
  readonly adopted: readonly string[];
}

/** What was found in one cluster. */
interface Found {
  readonly problem?: UserError;
  readonly warning?: string;
  readonly uid?: string;
  readonly adopted?: boolean;
}

/**
 * Looks into the existing clusters. A preview does not need them: one that does not answer is left out there.
 *
 * @param kubeconfigs by cluster key
 */
export async function lookAtClusters(model: MeshModel, kubeconfigs: Readonly<Record<string, string>>): Promise<ExistingClusters> {
  const found = await Promise.all(
    Object.entries(kubeconfigs).map(async ([key, kubeconfig]) => {
      const driver = model.clusters.find((cluster) => cluster.key === key)?.driver;
      const adopt = driver?.type === "existing" && driver.adopt;
      return [key, await lookAt(key, await ApiServer.of(kubeconfig, TIMEOUT_MS), adopt)] as const;
    }),
  );
  return {
    problems: found.flatMap(([, { problem }]) => problem ?? []),
    warnings: found.flatMap(([, { warning }]) => warning ?? []),
    uids: Object.fromEntries(found.flatMap(([key, { uid }]) => (uid === undefined ? [] : [[key, uid]]))),
    adopted: found.flatMap(([key, { adopted }]) => (adopted ? [key] : [])),
  };
}

async function lookAt(key: string, server: ApiServer, adopt: boolean): Promise<Found> {
  try {
    const uid = await clusterUid(server);
    return { uid, ...(await lookForIstio(key, server, adopt)) };
  } catch (error) {
    const recorded = await isRecorded(PROVIDER_TYPE, providerName(componentNames.cluster(key)));
    const problem = pulumi.runtime.isDryRun() ? undefined : silence(key, server, error as Error, recorded);
    return problem === undefined ? {} : { problem };
  }
}

/**
 * The problem of a cluster that does not answer, or refuses the login. The provider would conclude that everything in it is gone.
 * A cluster that the stack has not written to yet may come up later in the run: only a refused login cannot become better.
 */
function silence(key: string, { server }: ApiServer, error: Error, recorded: boolean): UserError | undefined {
  const setting = `usmesh:clusters.${key}`;
  if (error instanceof MeshError && error.section === "login-program-failed") {
    return new UserError("login-program-failed", `${setting}: ${error.message}; nothing was changed. Log in again, or install the program`);
  }
  if (error instanceof KubeError && (error.status === 401 || error.status === 403)) {
    const refused = `${setting}: its API server ${server} refuses the user of the context (${error.status}: ${error.message})`;
    return new UserError("api-server-login-refused", `${refused}; nothing was changed. Log in again, or correct the kubeconfig`);
  }
  return recorded ? new UserError("api-server-not-answering", `${setting}: its API server ${server} does not answer (${error.message}); nothing was changed`) : undefined;
}

async function lookForIstio(key: string, server: ApiServer, adopt: boolean): Promise<Found> {
  const namespace = await server.find<KubeObject>(`/api/v1/namespaces/${ISTIO_NAMESPACE}`);
  const recorded = await isRecorded(NAMESPACE, `${componentNames.istio(key)}-namespace`);
  const owner = ownerOf(namespace, thisStack(), recorded);
  if (owner === "nobody" || owner === "this") return {};
  if (owner === "adopted") return { adopted: true };
  const setting = `usmesh:clusters.${key}`;
  const where = `namespace ${ISTIO_NAMESPACE} of ${server.server}`;
  if (owner !== "unknown") {
    return {
      problem: new UserError(
        "cluster-of-another-stack",
        `${setting}: stack ${owner.stack} has ${where}, and a cluster belongs to one stack; nothing was changed. Remove the cluster from one of the two. ` +
          `If that stack is gone: kubectl annotate namespace ${ISTIO_NAMESPACE} ${OWNER_ANNOTATION}- ${ADOPTED_ANNOTATION}-`,
      ),
    };
  }
  if (!adopt) {
    return {
      problem: new UserError(
        "istio-namespace-foreign",
        `${setting}: ${where} is there already, and this stack did not create it; nothing was changed. Use a cluster without Istio, or set ` +
          `${setting}.adopt to true: the namespace gets the labels of the mesh, its Secret cacerts is replaced, and it stays when the stack is removed`,
      ),
    };
  }
  const running = await runningIstio(server);
  if (running.length === 0) {
    const used = `${setting}: ${where} is used, gets the labels of the mesh and another Secret cacerts, and stays when the stack is removed (adopt: true)`;
    return { adopted: true, warning: `${used}${see("istio-namespace-foreign")}` };
  }
  return {
    problem: new UserError(
      "istio-running",
      `${setting}: an Istio runs in ${where} (${running.join(", ")}), which cannot be taken over; nothing was changed. Remove it first, ` +
        `with helm uninstall for each release or istioctl uninstall --purge`,
    ),
  };
}

/** What of an Istio there is in the namespace. */
async function runningIstio(server: ApiServer): Promise<string[]> {
  const releases = (await new HelmStorage(server).revisions(ISTIO_NAMESPACE)).map(({ release }) => release);
  const deployments = await server.listMetadata<KubeObject>(`/apis/apps/v1/namespaces/${ISTIO_NAMESPACE}/deployments?labelSelector=app%3Distiod`);
  return [
    ...[...new Set(releases)].filter((release) => RELEASES.includes(release)).map((release) => `release ${release}`),
    ...deployments.map(({ metadata }) => `Deployment ${metadata.name}`),
  ];
}

/** Whose namespace istio-system is. `unknown`: somebody's who does not say so. */
export type NamespaceOwner = "nobody" | "this" | "adopted" | "unknown" | { readonly stack: string };

/**
 * Whose a namespace is, by its annotations.
 *
 * @param namespace undefined: there is none
 * @param self the stack that asks
 * @param recorded whether it is in that stack's state: earlier versions created it without an annotation
 */
export function ownerOf(namespace: Pick<KubeObject, "metadata"> | undefined, self: string, recorded: boolean): NamespaceOwner {
  if (namespace === undefined) return "nobody";
  const { annotations = {} } = namespace.metadata as { readonly annotations?: Readonly<Record<string, string>> };
  const { [OWNER_ANNOTATION]: creator, [ADOPTED_ANNOTATION]: adopter } = annotations;
  if (adopter === self) return "adopted";
  if (recorded || creator === self) return "this";
  const stack = creator ?? adopter;
  return stack === undefined ? "unknown" : { stack };
}
