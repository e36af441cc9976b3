import tls from "node:tls";
import type { Got, ProbeFacts } from "../facts";
import type { Kube } from "../kube";
import { attempt, type Pod } from "./resources";

const PORT = 15443;
const CONNECT_SECONDS = 3;
/** The exit codes of a container without the command, or with one that may not run. */
const NO_COMMAND = new Set([-1, 126, 127]);

/**
 * Tries one gateway address: a connection from a pod of another cluster, and from this machine what its backend presents.
 * @param sni name of a service with a sidecar behind the gateway, as proxies of other clusters ask for it.
 */
export async function probe(kube: Kube, pod: Pod | undefined, address: string, sni: string | undefined): Promise<ProbeFacts> {
  const none: Got<string> = { ok: false, error: "no workload with a sidecar is behind it" };
  const [open, chain] = await Promise.all([openFrom(kube, pod, address), sni === undefined ? none : presentedChain(address, PORT, sni)]);
  return { address, open, chain };
}

/** Opens a connection to the gateway from inside the other cluster, with the curl that a proxy's image holds. What comes after is no matter. */
async function openFrom(kube: Kube, pod: Pod | undefined, address: string): Promise<Got<true> | undefined> {
  if (pod === undefined) return undefined;
  const { name, namespace = "default" } = pod.metadata;
  const limits = ["--connect-timeout", String(CONNECT_SECONDS), "--max-time", String(CONNECT_SECONDS + 1)];
  const command = ["curl", "-sk", "-o", "/dev/null", "-w", "%{time_connect} %{errormsg}", ...limits, `https://${address}:${PORT}/`];
  const run = await attempt(() => kube.exec(namespace, name, "istio-proxy", command));
  if (!run.ok || NO_COMMAND.has(run.value.code)) return undefined;
  return judgeConnection(run.value.stdout);
}

/** What curl's `%{time_connect} %{errormsg}` says of the connection: a time above zero means that it stood. */
export function judgeConnection(output: string): Got<true> {
  const [, seconds = "0", message = ""] = /^([\d.]+)\s*(.*)$/s.exec(output.trim()) ?? [];
  return Number(seconds) > 0 ? { ok: true, value: true } : { ok: false, error: message || "no connection" };
}

/** The certificate chain that a service behind a gateway presents, PEM, leaf first. The gateway passes TLS through by SNI and by Istio's ALPN. */
export async function presentedChain(address: string, port: number, servername: string): Promise<Got<string>> {
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
