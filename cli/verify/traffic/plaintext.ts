import { KubeError } from "../../../lib/api-server";
import type { Admission, Result } from "../facts";
import type { Kube } from "../kube";
import { SERVER_PORT } from "./envoy";
import { PROBER } from "./objects";

/** What an API server says when the connection was made, and the workload's proxy ended it. */
const REFUSED = /\bEOF\b|reset by peer|broken pipe|closed/i;

/**
 * Sends a request to a test workload as something outside the mesh would. The API server sends it through its proxy for pods: in plain
 * text, and without a certificate of the mesh.
 */
export async function askInPlaintext(kube: Pick<Kube, "text">, namespace: string): Promise<Result<Admission>> {
  try {
    await kube.text("GET", `/api/v1/namespaces/${namespace}/pods/${PROBER}:${SERVER_PORT}/proxy/`);
    return { ok: true, value: { accepted: true } };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof KubeError && error.status >= 500 && REFUSED.test(message)) return { ok: true, value: { accepted: false, refusal: message } };
    return { ok: false, error: message };
  }
}
