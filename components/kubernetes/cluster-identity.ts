import { ApiServer } from "../../lib/api-server";
import { clusterIdentity } from "../../lib/kubeconfig";
import type { Tree } from "../../lib/merge";
import { CLUSTER_NAMESPACE } from "../../topology/names";

/** Milliseconds within which an API server has to answer. */
const TIMEOUT_MS = 5_000;

/** What is recorded of a cluster's identity since the last `up`. */
export interface RecordedIdentity {
  /** The provider's `clusterIdentifier`. */
  readonly identifier?: string;
  /** See {@link Identity}. Both are absent in a state of an earlier version, whose identifier is the authority. */
  readonly uid?: string;
  readonly authority?: string;
}

/** What distinguishes a cluster from another one. */
export interface Identity {
  /** The provider's `clusterIdentifier`: another one is another cluster, in which everything is created again. */
  readonly identifier: string;
  /** UID of the cluster's namespace `kube-system`; undefined when it could not be read. */
  readonly uid?: string;
  /** Digest of the certificate authority in the kubeconfig. */
  readonly authority: string;
}

/** The UID of a cluster. @throws as {@link ApiServer.get} */
export async function clusterUid(server: ApiServer): Promise<string> {
  const { metadata } = await server.get<{ readonly metadata: { readonly uid: string } }>(`/api/v1/namespaces/${CLUSTER_NAMESPACE}`);
  return metadata.uid;
}

/** The identity of the cluster that a kubeconfig leads to. */
export async function identityOf(kubeconfig: string, recorded: RecordedIdentity | undefined): Promise<Identity> {
  const uid = await ApiServer.of(kubeconfig, TIMEOUT_MS).then(clusterUid).catch(() => undefined);
  return identify({ uid, authority: clusterIdentity(kubeconfig) }, recorded);
}

/**
 * The identity of a cluster. A cluster is the same as the recorded one when its UID is, whatever its authority; without the UID of both,
 * when its authority is. The same cluster keeps its identifier, also one that an earlier version made from the authority: another
 * identifier would replace everything in the cluster. Otherwise the identifier is the UID.
 */
export function identify({ uid, authority }: Pick<Identity, "authority"> & { readonly uid: string | undefined }, recorded: RecordedIdentity = {}): Identity {
  const { identifier } = recorded;
  const isSame = uid !== undefined && recorded.uid !== undefined ? uid === recorded.uid : authority === (recorded.authority ?? identifier);
  return { identifier: (isSame ? identifier : undefined) ?? uid ?? authority, authority, ...(uid === undefined ? {} : { uid }) };
}

/** The recorded identity from the outputs that the state has of a cluster's component and of its provider; undefined without a provider. */
export function recordedIdentity(component: Tree | undefined, provider: Tree | undefined): RecordedIdentity | undefined {
  if (provider === undefined) return undefined;
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  const [identifier, uid, authority] = [text(provider["clusterIdentifier"]), text(component?.["uid"]), text(component?.["authority"])];
  return { ...(identifier === undefined ? {} : { identifier }), ...(uid === undefined ? {} : { uid }), ...(authority === undefined ? {} : { authority }) };
}
