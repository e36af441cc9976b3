import tls from "node:tls";
import type { ConnectionFacts, ProbeFacts, Result } from "../facts";
import type { Kube } from "../kube";
import { admission, type ForeignClient } from "./foreign-client";
import { attempt, type Pod } from "./resources";

const PORT = 15443;
const CONNECT_SECONDS = 3;
/** The exit codes of a container without the command, or with one that may not run. */
const NO_COMMAND = new Set([-1, 126, 127]);

/**
 * Tries one gateway address: from a pod of another cluster whether it accepts a connection, from this machine what its backend presents.
 * @param behind name of a service with a sidecar behind the gateway, as proxies of other clusters ask for it, and a client that it must
 * refuse; undefined where there is none.
 */
export async function probe(kube: Kube, pod: Result<Pod | undefined>, address: string, behind?: { readonly sni: string; readonly client: ForeignClient }): Promise<ProbeFacts> {
  const none: Result<undefined> = { ok: true, value: undefined };
  const [connection, chain, foreign] = await Promise.all([
    connectFrom(kube, pod, `${address}:${PORT}`),
    behind === undefined ? none : presentedChain(address, PORT, behind.sni),
    behind === undefined ? none : admission(address, PORT, behind.sni, behind.client),
  ]);
  return { address, connection, chain, foreign };
}

/** Opens a connection to `host:port` from inside a cluster, with the curl that a proxy's image holds. What comes after it does not matter. */
export async function connectFrom(kube: Kube, pod: Result<Pod | undefined>, target: string): Promise<Result<ConnectionFacts>> {
  if (!pod.ok) return pod;
  if (pod.value === undefined) return { ok: false, error: "there is no proxy" };
  const { name, namespace = "default" } = pod.value.metadata;
  const limits = ["--connect-timeout", String(CONNECT_SECONDS), "--max-time", String(CONNECT_SECONDS + 1)];
  const command = ["curl", "-sk", "-o", "/dev/null", "-w", "%{time_connect} %{errormsg}", ...limits, `https://${target}/`];
  const run = await attempt(() => kube.exec(namespace, name, "istio-proxy", command));
  if (!run.ok) return run;
  if (NO_COMMAND.has(run.value.code)) return { ok: false, error: "the proxy's image has no curl" };
  return { ok: true, value: judgeConnection(run.value.stdout) };
}

/** What curl's `%{time_connect} %{errormsg}` says about the connection: a time above zero means that it was made. */
export function judgeConnection(output: string): ConnectionFacts {
  const [, seconds = "0", message = ""] = /^([\d.]+)\s*(.*)$/s.exec(output.trim()) ?? [];
  return Number(seconds) > 0 ? { accepted: true } : { accepted: false, error: message || "no connection" };
}

/** The certificate chain that a service behind a gateway presents, PEM, leaf first. The gateway passes TLS through by SNI and by Istio's ALPN. */
export async function presentedChain(address: string, port: number, servername: string): Promise<Result<string>> {
  return attempt(
    () =>
      new Promise<string>((resolve, reject) => {
        // What is presented is judged against the mesh's own roots later: no public authority could vouch for it.
        const socket = tls.connect({ host: address, port, servername, ALPNProtocols: ["istio"], rejectUnauthorized: false });
        socket.setTimeout(CONNECT_SECONDS * 1000, () => socket.destroy(new Error(`no answer within ${CONNECT_SECONDS} s`)));
        socket.on("error", reject);
        socket.on("secureConnect", () => {
          resolve(pemChain(socket.getPeerCertificate(true)));
          socket.destroy();
        });
        socket.on("close", () => reject(new Error("the gateway closed the connection: no backend for this SNI")));
      }),
  );
}

function pemChain(leaf: tls.DetailedPeerCertificate): string {
  const seen = new Set<string>();
  const chain: string[] = [];
  for (let next: tls.DetailedPeerCertificate | undefined = leaf; next?.raw && !seen.has(next.fingerprint256); next = next.issuerCertificate) {
    seen.add(next.fingerprint256);
    const lines = next.raw.toString("base64").match(/.{1,64}/g) ?? [];
    chain.push(["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"));
  }
  return chain.join("");
}
