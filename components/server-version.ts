import { Agent, get } from "node:https";
import { accessOf } from "./kubeconfig";

/** How long an API server has to tell its version, in milliseconds. */
const PATIENCE = 5_000;

/**
 * The Kubernetes version of an API server, such as `v1.34.4`, or `unknown` when it does not tell: a version is worth knowing, but
 * not worth failing for. Asks with the kubeconfig's certificate or token, without running a credential helper.
 */
export async function serverVersion(kubeconfig: string): Promise<string> {
  try {
    const access = accessOf(kubeconfig);
    const { ca, cert, key, servername, token } = access;
    const agent = new Agent({ ca, cert, key, servername, keepAlive: false });
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const body = await fetchText(`${access.server.replace(/\/$/, "")}/version`, agent, headers);
    const version = (JSON.parse(body) as { gitVersion?: unknown }).gitVersion;
    return typeof version === "string" ? version : "unknown";
  } catch {
    return "unknown";
  }
}

function fetchText(url: string, agent: Agent, headers: Record<string, string>): Promise<string> {
  return new Promise((done, fail) => {
    const request = get(url, { agent, headers, timeout: PATIENCE }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => done(Buffer.concat(chunks).toString()));
      response.on("error", fail);
    });
    request.on("timeout", () => request.destroy(new Error("no answer")));
    request.on("error", fail);
  });
}
