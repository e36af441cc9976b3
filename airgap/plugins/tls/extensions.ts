/** What a certificate says beside names, key and dates: its extensions. */
import type { KeyObject } from "node:crypto";
import { publicDer, sha1 } from "./keys";
import { extendedKeyUsages, keyUsage } from "./usages";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  type Extension,
  type Name,
} from "./x509";

/** What is asked of a certificate, whoever signs it. */
export interface CertificateTerms {
  allowedUses: string[];
  isCaCertificate: boolean;
  /** How many further authorities may follow below this one; zero, negative or absent for any number, as in the official plugin. */
  maxPathLength?: number;
  setSubjectKeyId: boolean;
  validityPeriodHours: number;
}

/** The extensions that the terms ask for, in the order in which the official plugin writes them. */
export function termsOf(terms: CertificateTerms, subject: Name, keyId: string): Extension[] {
  const { allowedUses, isCaCertificate, maxPathLength = 0 } = terms;
  if (isCaCertificate && isEmpty(subject)) throw new Error("a certificate authority needs a subject");
  if (!isCaCertificate && maxPathLength > 0) throw new Error("maxPathLength is for isCaCertificate alone");
  const bits = keyUsage(allowedUses);
  const extended = extendedKeyUsages(allowedUses);
  // A zero is lost: Go takes it for "not set" where nobody says that it is meant.
  const pathLength = maxPathLength > 0 ? maxPathLength : undefined;
  return [
    ...(bits ? [new KeyUsagesExtension(bits, true)] : []),
    ...(extended.length ? [new ExtendedKeyUsageExtension(extended)] : []),
    new BasicConstraintsExtension(isCaCertificate, pathLength, true),
    ...(hasSubjectKeyId(terms) ? [new SubjectKeyIdentifierExtension(keyId)] : []),
  ];
}

/** Names the key of the authority by its id, where that is known. */
export function authority(keyId: string | undefined): Extension[] {
  return keyId ? [new AuthorityKeyIdentifierExtension(keyId)] : [];
}

/** Whether a certificate with these terms carries the id of its own key. */
export function hasSubjectKeyId(terms: CertificateTerms): boolean {
  return terms.isCaCertificate || terms.setSubjectKeyId;
}

/** The SHA-1 of the key's own bits, in hexadecimal: the first method of RFC 5280, 4.2.1.2. */
export function subjectKeyId(publicKey: KeyObject): string {
  const spki = publicDer(publicKey);
  const jwk = publicKey.asymmetricKeyType === "ed25519" ? publicKey.export({ format: "jwk" }) : undefined;
  // The official plugin takes an Ed25519 key as an ASN.1 OCTET STRING (tag 4, 32 bytes), which the others are not.
  if (jwk) return sha1(Buffer.concat([Buffer.from([4, 32]), Buffer.from(jwk.x as string, "base64url")]));
  if (publicKey.asymmetricKeyType === "rsa") return sha1(publicKey.export({ type: "pkcs1", format: "der" }));
  // The point of an elliptic curve is the end of the structure, without compression: 4, x, y.
  const bits = { secp224r1: 224, prime256v1: 256, secp384r1: 384, secp521r1: 521 };
  const size = Math.ceil((bits[publicKey.asymmetricKeyDetails?.namedCurve as keyof typeof bits] ?? 0) / 8);
  return sha1(spki.subarray(spki.length - (1 + 2 * size)));
}

/** Whether a name says nothing. */
export function isEmpty(name: Name): boolean {
  return name.toJSON().length === 0;
}
