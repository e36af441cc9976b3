import { ApiServer, KubeError } from "../../lib/api-server";
import { kubeconfigsByProvider, type Deployment } from "../lib/state";
import { REQUEST_TIMEOUT_MS } from "./releases";

/**
 * The API servers of a stack's clusters that do not answer, without those of kind clusters: what is in a kind cluster is deleted with it.
 *
 * @param deployment with secrets in plain text: never to be printed.
 * @returns URLs, sorted.
 */
export async function unreachableServers(deployment: Deployment, timeoutMs: number = REQUEST_TIMEOUT_MS): Promise<string[]> {
  const lasting = (deployment.resources ?? []).filter(({ deletedWith }) => deletedWith === undefined || deletedWith === "");
  const servers = await Promise.all(
    [...kubeconfigsByProvider({ resources: lasting }).values()].map(async (kubeconfig) => {
      const server = await ApiServer.of(kubeconfig, timeoutMs);
      return (await answers(server)) ? [] : [server.server];
    }),
  );
  return servers.flat().sort();
}

/** An error response is an answer, too. */
async function answers(server: ApiServer): Promise<boolean> {
  try {
    await server.get("/version");
    return true;
  } catch (error) {
    return error instanceof KubeError;
  }
}
