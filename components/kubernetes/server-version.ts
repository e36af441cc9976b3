import { ApiServer } from "../../lib/api-server";

/** How long an API server has to tell its version, in milliseconds. */
const TIMEOUT_MS = 5_000;

/**
 * The Kubernetes version of an API server, such as `v1.34.4`, or `unknown` when it does not tell: a version is worth knowing, but
 * not worth failing for.
 */
export async function serverVersion(kubeconfig: string): Promise<string> {
  try {
    const { gitVersion } = await (await ApiServer.of(kubeconfig, TIMEOUT_MS)).get<{ readonly gitVersion?: unknown }>("/version");
    return typeof gitVersion === "string" ? gitVersion : "unknown";
  } catch {
    return "unknown";
  }
}
