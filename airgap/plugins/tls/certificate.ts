/** Makes X.509 certificates and certificate requests. Pure, except for serial numbers and signatures. */
import { createPublicKey, randomBytes, type KeyObject } from "node:crypto";
import { authority, hasSubjectKeyId, isEmpty, subjectKeyId, termsOf, type CertificateTerms } from "./extensions";
import { publicDer } from "./keys";
import { alternativeNames, keptNames, type AlternativeNames } from "./names";
import { SIGNER, signingKey } from "./signer";
import { distinguishedName, keptName, type Subject } from "./subject";
import {
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type Extension,
  type Name,
  type Pkcs10CertificateRequest,
  type X509Certificate,
} from "./x509";

/** A new certificate. */
export interface Issued {
  pem: string;
  /** In decimal. */
  serialNumber: string;
  /** When it becomes valid and expires; the certificate itself has whole seconds. */
  notBefore: Date;
  notAfter: Date;
}

const MS_PER_HOUR = 3_600_000;
const SERIAL_BYTES = 16;

/** Makes a certificate request. @returns DER and PEM */
export async function requestCertificate(
  key: KeyObject,
  subject: Subject | undefined,
  names: AlternativeNames,
): Promise<{ pem: string; der: Uint8Array }> {
  const san = alternativeNames(names, false);
  const signing = signingKey(key);
  const request = await Pkcs10CertificateRequestGenerator.create(
    {
      name: distinguishedName(subject),
      keys: { privateKey: signing, publicKey: signing },
      signingAlgorithm: signing.algorithm as never,
      extensions: san ? [san] : [],
    },
    SIGNER,
  );
  return { pem: withNewline(request.toString("pem")), der: new Uint8Array(request.rawData) };
}

/** Issues a self-signed certificate. */
export async function selfSign(
  key: KeyObject,
  terms: CertificateTerms,
  subject: Subject | undefined,
  names: AlternativeNames,
  { setAuthorityKeyId = false, now = new Date() } = {},
): Promise<Issued> {
  const name = distinguishedName(subject);
  const publicKey = createPublicKey(key);
  const keyId = subjectKeyId(publicKey);
  if (setAuthorityKeyId && !hasSubjectKeyId(terms)) {
    throw new Error("setAuthorityKeyId needs setSubjectKeyId or isCaCertificate: the authority is the certificate itself");
  }
  const san = alternativeNames(names, isEmpty(name));
  const extensions = [...termsOf(terms, name, keyId), ...authority(setAuthorityKeyId ? keyId : undefined), ...some(san)];
  return issue({ subject: name, issuer: name, publicKey, key, extensions, terms, now });
}

/** An authority's certificate and key. */
export interface Authority {
  certificate: X509Certificate;
  key: KeyObject;
}

/**
 * Issues the certificate that a request asks for, signed by an authority.
 *
 * Subject, key and alternative names come from the request, as far as the official plugin keeps them. Everything else is in `terms`.
 *
 * @throws when the authority's key is not the one in its certificate
 */
export async function signRequest(
  request: Pkcs10CertificateRequest,
  authorityOf: Authority,
  terms: CertificateTerms,
  now = new Date(),
): Promise<Issued> {
  const { certificate, key } = authorityOf;
  if (!publicDer(key).equals(Buffer.from(certificate.publicKey.rawData))) {
    throw new Error("caPrivateKeyPem is not the key of caCertPem");
  }
  const subject = keptName(request.subjectName);
  const publicKey = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: "der", type: "spki" });
  const asked = request.extensions.find((e) => e instanceof SubjectAlternativeNameExtension);
  const san = alternativeNames(keptNames(asked), isEmpty(subject));
  const issuerKeyId = certificate.getExtension(SubjectKeyIdentifierExtension)?.keyId;
  const extensions = [...termsOf(terms, request.subjectName, subjectKeyId(publicKey)), ...authority(issuerKeyId), ...some(san)];
  return issue({ subject, issuer: certificate.subjectName, publicKey, key, extensions, terms, now });
}

interface Issue {
  subject: Name;
  issuer: Name;
  publicKey: KeyObject;
  key: KeyObject;
  extensions: Extension[];
  terms: CertificateTerms;
  now: Date;
}

async function issue({ subject, issuer, publicKey, key, extensions, terms, now }: Issue): Promise<Issued> {
  const notAfter = new Date(now.getTime() + terms.validityPeriodHours * MS_PER_HOUR);
  const serial = randomBytes(SERIAL_BYTES);
  const signing = signingKey(key);
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: serial.toString("hex"),
      subject,
      issuer,
      notBefore: wholeSeconds(now),
      notAfter: wholeSeconds(notAfter),
      publicKey: publicDer(publicKey),
      signingKey: signing,
      signingAlgorithm: signing.algorithm as never,
      extensions,
    },
    SIGNER,
  );
  const serialNumber = BigInt(`0x${serial.toString("hex")}`).toString();
  return { pem: withNewline(certificate.toString("pem")), serialNumber, notBefore: now, notAfter };
}

/** X.509 has no fractions. */
function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

function some<T>(v: T | undefined): T[] {
  return v === undefined ? [] : [v];
}

function withNewline(pem: string): string {
  return pem.endsWith("\n") ? pem : `${pem}\n`;
}
