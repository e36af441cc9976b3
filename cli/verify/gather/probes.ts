import tls from "node:tls";
import type { Got, ProbeFacts } from "../facts";
import type { Kube } from "../kube";
import { attempt, type Pod } from "./resources";

const PORT = 15443;
const CONNECT_SECONDS = 3;
/** The exit codes of a container without the command, or with one that may not run. */
const NO_SHELL = new Set([-1, 126, 127]);

/** Tries one gateway address: a connection from a pod of another cluster, and from this machine what its backend presents. */
export async function probe(kube: Kube, pod: Pod | undefined, address: string): Promise<ProbeFacts> {
  const [open, chain] = await Promise.all([openFrom(kube, pod, address), presentedChain(address, PORT)]);
  return { address, open, chain };
}

/** Opens a TCP connection to the gateway from inside the other cluster, with what a proxy's image holds anyway. */
async function openFrom(kube: Kube, pod: Pod | undefined, address: string): Promise<Got<true> | undefined> {
  if (pod === undefined) return undefined;
  const { name, namespace = "default" } = pod.metadata;
  const script = 'exec 3<>"/dev/tcp/$0/$1"';
  const command = ["timeout", String(CONNECT_SECONDS), "bash", "-c", script, address, String(PORT)];
  const run = await attempt(() => kube.exec(namespace, name, "istio-proxy", command));
  if (!run.ok || NO_SHELL.has(run.value.code)) return undefined;
  if (run.value.code === 0) return { ok: true, value: true };
  const timedOut = run.value.code === 124;
  return { ok: false, error: timedOut ? `no answer within ${CONNECT_SECONDS} s` : (/: ([^:]+)$/m.exec(run.value.stderr.trim())?.[1] ?? "refused") };
}

/**
 * The certificate chain behind a gateway for the SNI under which proxies of other clusters reach istiod there, PEM, leaf
 * first. The gateway passes TLS through by SNI and by Istio's ALPN; istiod, which is in every cluster, asks for no
 * certificate of the client.
 */
export async function presentedChain(address: string, port: number): Promise<Got<string>> {
  const servername = "outbound_.15012_._.istiod.istio-system.svc.cluster.local";
  return attempt(
    () =>
      new Promise<string>((resolve, reject) => {
        // What is presented is judged against the mesh's own roots later: no public authority could vouch for it.
        const socket = tls.connect({ host: address, port, servername, ALPNProtocols: ["istio", "h2"], rejectUnauthorized: false });
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
