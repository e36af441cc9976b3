import { ApiServer } from "../../lib/api-server";

/** Milliseconds within which an API server has to answer. */
const TIMEOUT_MS = 5_000;

/**
 * The Kubernetes version of an API server, such as `v1.34.4`, or `unknown` when it does not answer: the version is only information,
 * so a run does not fail without it.
 */
export async function serverVersion(kubeconfig: string): Promise<string> {
  try {
    const { gitVersion } = await (await ApiServer.of(kubeconfig, TIMEOUT_MS)).get<{ readonly gitVersion?: unknown }>("/version");
    return typeof gitVersion === "string" ? gitVersion : "unknown";
  } catch {
    return "unknown";
  }
}
