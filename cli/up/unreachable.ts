import { ApiServer, KubeError } from "../../lib/api-server";
import type { Deployment } from "../lib/pulumi";
import { kubeconfigsByProvider, REQUEST_TIMEOUT_MS } from "./releases";

/**
 * The API servers of a stack's clusters that do not answer, those of kind clusters aside: what is in a kind cluster vanishes with it.
 *
 * @param deployment the state with its secrets in plain text: never to be printed.
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

/** A refusal is an answer, too. */
async function answers(server: ApiServer): Promise<boolean> {
  try {
    await server.get("/version");
    return true;
  } catch (error) {
    return error instanceof KubeError;
  }
}
