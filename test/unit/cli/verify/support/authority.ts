import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  cryptoProvider,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from "@peculiar/x509";

export { KeyUsageFlags };

cryptoProvider.set(webcrypto as unknown as Parameters<typeof cryptoProvider.set>[0]);

type KeyPair = webcrypto.CryptoKeyPair;

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A certificate with its key, made for a test. */
export interface Signer {
  readonly certificate: X509Certificate;
  readonly pem: string;
  readonly keys: KeyPair;
}

/** The time at which the tests take place. Certificates hold whole seconds. */
export const NOW = Date.parse("2026-01-01T00:00:00Z");

/** What a certificate should be like. */
export interface Wanted {
  readonly name: string;
  /** Its subject; the name as its common name unless given. */
  readonly subject?: string;
  /** Who signs; itself unless given. */
  readonly issuer?: Signer;
  /** Its key pair; a new one unless given. */
  readonly keys?: KeyPair;
  /** True unless given. */
  readonly ca?: boolean;
  readonly pathLength?: number;
  readonly usages?: KeyUsageFlags;
  /** Whether it has the extensions of a CA and of a key's usage; true unless given. */
  readonly extensions?: boolean;
  /** DNS names that it is for; none unless given. */
  readonly hosts?: readonly string[];
  /** Days before now at which it becomes valid; 1 unless given. */
  readonly since?: number;
  /** Days from now until its end; 365 unless given. */
  readonly days?: number;
}

export const DAY_MS = 86_400_000;

/** Issues a real certificate. */
export async function issue(wanted: Wanted): Promise<Signer> {
  const keys = wanted.keys ?? (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]));
  const ca = wanted.ca ?? true;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString("hex"),
    subject: wanted.subject ?? `CN=${wanted.name}`,
    issuer: wanted.issuer?.certificate.subject ?? `CN=${wanted.name}`,
    notBefore: new Date(NOW - (wanted.since ?? 1) * DAY_MS),
    notAfter: new Date(NOW + (wanted.days ?? 365) * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: wanted.issuer?.keys.privateKey ?? keys.privateKey,
    extensions:
      wanted.extensions === false
        ? []
        : [
            new BasicConstraintsExtension(ca, wanted.pathLength, true),
            new KeyUsagesExtension(wanted.usages ?? (ca ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature), true),
            ...(wanted.hosts ? [new SubjectAlternativeNameExtension(wanted.hosts.map((value) => ({ type: "dns", value })))] : []),
          ],
  });
  return { certificate, pem: `${certificate.toString("pem")}\n`, keys };
}
