/** The extensions of certificates, except for alternative names. */
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

/** The inputs that decide about a certificate's use and lifetime, whoever signs it. */
export interface CertificateTerms {
  allowedUses: string[];
  isCaCertificate: boolean;
  /** Maximum number of authorities below this one. Zero, negative or undefined: no limit, as in the official plugin. */
  maxPathLength?: number;
  setSubjectKeyId: boolean;
  validityPeriodHours: number;
}

/** The extensions for the terms, in the official plugin's order. */
export function termsOf(terms: CertificateTerms, subject: Name, keyId: string): Extension[] {
  const { allowedUses, isCaCertificate, maxPathLength = 0 } = terms;
  if (isCaCertificate && isEmpty(subject)) throw new Error("a certificate authority needs a subject");
  if (!isCaCertificate && maxPathLength > 0) throw new Error("maxPathLength needs isCaCertificate");
  const bits = keyUsage(allowedUses);
  const extended = extendedKeyUsages(allowedUses);
  // As in the official plugin, zero is lost: Go takes it for "not set" unless another field says that it is meant.
  const pathLength = maxPathLength > 0 ? maxPathLength : undefined;
  return [
    ...(bits ? [new KeyUsagesExtension(bits, true)] : []),
    ...(extended.length ? [new ExtendedKeyUsageExtension(extended)] : []),
    new BasicConstraintsExtension(isCaCertificate, pathLength, true),
    ...(hasSubjectKeyId(terms) ? [new SubjectKeyIdentifierExtension(keyId)] : []),
  ];
}

/** The extension with the id of the authority's key, if that is known. */
export function authority(keyId: string | undefined): Extension[] {
  return keyId ? [new AuthorityKeyIdentifierExtension(keyId)] : [];
}

/** Whether a certificate with these terms has the id of its own key. */
export function hasSubjectKeyId(terms: CertificateTerms): boolean {
  return terms.isCaCertificate || terms.setSubjectKeyId;
}

/** The SHA-1 of the key's own bits, in hexadecimal: the first method of RFC 5280, 4.2.1.2. */
export function subjectKeyId(publicKey: KeyObject): string {
  const spki = publicDer(publicKey);
  const jwk = publicKey.asymmetricKeyType === "ed25519" ? publicKey.export({ format: "jwk" }) : undefined;
  // The official plugin hashes an Ed25519 key as an ASN.1 OCTET STRING (tag 4, 32 bytes), unlike other keys.
  if (jwk) return sha1(Buffer.concat([Buffer.from([4, 32]), Buffer.from(jwk.x as string, "base64url")]));
  if (publicKey.asymmetricKeyType === "rsa") return sha1(publicKey.export({ type: "pkcs1", format: "der" }));
  // An elliptic curve's point is at the end of the structure, uncompressed: 4, x, y.
  const bits = { secp224r1: 224, prime256v1: 256, secp384r1: 384, secp521r1: 521 };
  const size = Math.ceil((bits[publicKey.asymmetricKeyDetails?.namedCurve as keyof typeof bits] ?? 0) / 8);
  return sha1(spki.subarray(spki.length - (1 + 2 * size)));
}

/** Whether a name has no attributes. */
export function isEmpty(name: Name): boolean {
  return name.toJSON().length === 0;
}
