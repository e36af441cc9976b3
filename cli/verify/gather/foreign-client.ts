import "reflect-metadata";
import { webcrypto } from "node:crypto";
import tls from "node:tls";
import {
  BasicConstraintsExtension,
  cryptoProvider,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from "@peculiar/x509";
import type { Admission, Result } from "../facts";
import { attempt } from "./resources";

/** A client with everything that a workload of the mesh has, but from an authority that nobody trusts. All PEM. */
export interface ForeignClient {
  /** Its certificate, and that of its authority. */
  readonly chain: string;
  readonly key: string;
}

const ANSWER_SECONDS = 3;
/** How often a connection that ends without a reason is tried: a reset can arrive before the alert. */
const TRIES = 3;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const HOUR_MS = 3_600_000;

/** The alerts by which a server refuses a client's certificate: 42 to 49, and 116 for one that is required. */
const REFUSED = /SSL alert number (?:4[2-9]|116)\b/;
/** A server that wants a later version of TLS than the one offered. */
const VERSION = /SSL alert number 70\b/;

/** What is said of a connection that the other side ended. */
const ENDED = /closed without a reason|ECONNRESET|EPIPE|socket disconnected/;

/** Makes an authority of its own, and with it a certificate for a workload of this trust domain. */
export async function foreignClient(trustDomain: string): Promise<ForeignClient> {
  const [authority, workload] = await Promise.all([newKeys(), newKeys()]);
  const name = "CN=foreign root,O=usmesh-verify";
  const root = await certify(name, name, authority.publicKey, authority, [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)]);
  const identity = new SubjectAlternativeNameExtension([{ type: "url", value: `spiffe://${trustDomain}/ns/default/sa/default` }], true);
  const leaf = await certify("O=usmesh-verify", name, workload.publicKey, authority, [new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true), identity]);
  const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", workload.privateKey)).toString("base64");
  return { chain: `${leaf.toString("pem")}\n${root.toString("pem")}\n`, key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n` };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

function certify(subject: string, issuer: string, publicKey: webcrypto.CryptoKey, signer: webcrypto.CryptoKeyPair, extensions: Extension[]): Promise<X509Certificate> {
  cryptoProvider.set(webcrypto as unknown as Parameters<typeof cryptoProvider.set>[0]);
  const now = Date.now();
  return X509CertificateGenerator.create({
    serialNumber: `00${Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString("hex")}`,
    subject,
    issuer,
    // Clocks differ.
    notBefore: new Date(now - HOUR_MS),
    notAfter: new Date(now + HOUR_MS),
    signingAlgorithm: ALGORITHM,
    publicKey,
    signingKey: signer.privateKey,
    extensions,
  });
}

/**
 * Connects to a gateway as a foreign client, by SNI and Istio's ALPN as proxies do, and sends nothing: whether the workload behind it takes
 * the client's certificate is known before that.
 */
export async function admission(address: string, port: number, servername: string, { chain, key }: ForeignClient): Promise<Result<Admission>> {
  const handshake = (version: "TLSv1.2" | "TLSv1.3"): Promise<Admission> =>
    new Promise((resolve, reject) => {
      const versions = { minVersion: version, maxVersion: version } as const;
      // Another check verifies the server.
      const socket = tls.connect({ host: address, port, servername, ALPNProtocols: ["istio"], rejectUnauthorized: false, cert: chain, key, ...versions });
      const accepted = (): void => {
        resolve({ accepted: true });
        socket.destroy();
      };
      socket.setTimeout(ANSWER_SECONDS * 1000, () => socket.destroy(new Error(`no answer within ${ANSWER_SECONDS} s`)));
      // In TLS 1.2 the server looks at the certificate before its end of the handshake, in 1.3 after that: there a session ticket tells.
      socket.once(version === "TLSv1.2" ? "secureConnect" : "session", accepted);
      socket.on("error", (error: Error) => (REFUSED.test(error.message) ? resolve({ accepted: false, refusal: error.message.trim() }) : reject(error)));
      socket.on("close", () => reject(new Error("the connection was closed without a reason")));
    });
  return attempt(async () => {
    let version: "TLSv1.2" | "TLSv1.3" = "TLSv1.2";
    for (let tries = 1; ; tries += 1) {
      try {
        return await handshake(version);
      } catch (error) {
        const { message } = error as Error;
        if (version === "TLSv1.2" && VERSION.test(message)) version = "TLSv1.3";
        else if (tries >= TRIES || !ENDED.test(message)) throw error;
      }
    }
  });
}
