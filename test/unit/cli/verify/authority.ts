import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  cryptoProvider,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from "@peculiar/x509";

cryptoProvider.set(webcrypto as unknown as Parameters<typeof cryptoProvider.set>[0]);

type KeyPair = webcrypto.CryptoKeyPair;

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A certificate with its key, made for a test. */
export interface Signer {
  readonly certificate: X509Certificate;
  readonly pem: string;
  readonly keys: KeyPair;
}

/** What a certificate is to be like. */
export interface Wanted {
  readonly name: string;
  /** Who signs; itself unless given. */
  readonly issuer?: Signer;
  /** Its key pair; a new one unless given. */
  readonly keys?: KeyPair;
  /** True unless given. */
  readonly ca?: boolean;
  readonly pathLength?: number;
  readonly usages?: KeyUsageFlags;
  /** Days before now at which it began; 1 unless given. */
  readonly since?: number;
  /** Days from now until its end; 365 unless given. */
  readonly days?: number;
}

const DAY = 86_400_000;

/** Issues a real certificate. */
export async function issue(wanted: Wanted): Promise<Signer> {
  const keys = wanted.keys ?? (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]));
  const ca = wanted.ca ?? true;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString("hex"),
    subject: `CN=${wanted.name}`,
    issuer: wanted.issuer?.certificate.subject ?? `CN=${wanted.name}`,
    notBefore: new Date(Date.now() - (wanted.since ?? 1) * DAY),
    notAfter: new Date(Date.now() + (wanted.days ?? 365) * DAY),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: wanted.issuer?.keys.privateKey ?? keys.privateKey,
    extensions: [
      new BasicConstraintsExtension(ca, wanted.pathLength, true),
      new KeyUsagesExtension(wanted.usages ?? (ca ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature), true),
    ],
  });
  return { certificate, pem: `${certificate.toString("pem")}\n`, keys };
}
