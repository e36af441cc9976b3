import { ApiServer, KubeError } from "../../lib/api-server";
import { accessOf } from "../../lib/kubeconfig";
import { kubeconfigsByProvider, type Deployment } from "../lib/state";
import { REQUEST_TIMEOUT_MS } from "./releases";

/** An API server that cannot be used, and why. */
export interface Unreachable {
  /** Its URL. */
  readonly server: string;
  readonly reason: string;
}

/**
 * The API servers of a stack's clusters that do not answer, or refuse the administrator's credentials, without those of kind clusters:
 * what is in a kind cluster is deleted with it.
 *
 * @param deployment with secrets in plain text: never to be printed.
 * @returns sorted by URL.
 */
export async function unreachableServers(deployment: Deployment, timeoutMs: number = REQUEST_TIMEOUT_MS): Promise<Unreachable[]> {
  const lasting = (deployment.resources ?? []).filter(({ deletedWith }) => deletedWith === undefined || deletedWith === "");
  const servers = await Promise.all(
    [...kubeconfigsByProvider({ resources: lasting }).values()].map(async (kubeconfig) => {
      const reason = await obstacle(kubeconfig, timeoutMs);
      return reason === undefined ? [] : [{ server: accessOf(kubeconfig).server, reason }];
    }),
  );
  return servers.flat().sort((a, b) => (a.server < b.server ? -1 : 1));
}

/** Why an API server cannot be used; undefined when it can. Any other error response is an answer, too. */
async function obstacle(kubeconfig: string, timeoutMs: number): Promise<string | undefined> {
  try {
    await (await ApiServer.of(kubeconfig, timeoutMs)).get("/version");
    return undefined;
  } catch (error) {
    if (!(error instanceof KubeError)) return (error as Error).message;
    return error.status === 401 || error.status === 403 ? `${error.status}: ${error.message}` : undefined;
  }
}
