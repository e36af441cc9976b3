import "reflect-metadata";
import { X509Certificate } from "node:crypto";
import { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, X509Certificate as Parsed } from "@peculiar/x509";

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The certificates of a PEM bundle, in its order. @throws Error on a block that is no certificate. */
export function certificates(pem: string | undefined): X509Certificate[] {
  return (pem?.match(PEM) ?? []).map((block) => new X509Certificate(block));
}

/** SHA-256 fingerprints of a bundle, sorted: equal for bundles that hold the same certificates. */
export function fingerprints(pem: string | undefined): string[] {
  return certificates(pem)
    .map((certificate) => certificate.fingerprint256)
    .sort();
}

/** Eight characters of a fingerprint, enough to tell certificates apart in a line of text. */
export function short(fingerprint: string): string {
  return fingerprint.replace(/:/g, "").slice(0, 8).toLowerCase();
}

/** Whether `issuer` signed `certificate`, by name and by signature. */
export function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** The root among `roots` to which `chain`, leaf first, leads; undefined when a link is missing. Dates are not looked at. */
export function rootOf(chain: readonly X509Certificate[], roots: readonly X509Certificate[]): X509Certificate | undefined {
  for (const [index, certificate] of chain.entries()) {
    const root = roots.find((r) => r.fingerprint256 === certificate.fingerprint256 || issued(r, certificate));
    if (root) return root;
    const next = chain[index + 1];
    if (next === undefined || !issued(next, certificate)) return undefined;
  }
  return undefined;
}

/** What makes a certificate unfit to sign for workloads with `below` CA certificates under it; empty when it is fit. */
export function authorityFaults(certificate: X509Certificate, below: number): string[] {
  const parsed = new Parsed(new Uint8Array(certificate.raw));
  const constraints = parsed.getExtension(BasicConstraintsExtension);
  const usages = parsed.getExtension(KeyUsagesExtension)?.usages;
  const faults: string[] = [];
  if (constraints?.ca !== true) faults.push("is no certificate authority (CA:FALSE)");
  if (constraints?.pathLength !== undefined && constraints.pathLength < below) {
    faults.push(`allows ${constraints.pathLength} authorities below it and has ${below}`);
  }
  if (usages !== undefined && (usages & KeyUsageFlags.keyCertSign) === 0) faults.push("may not sign certificates (no keyCertSign)");
  return faults;
}

/** Whether the path length of one of them forbids a further authority below the first. From an intermediate up to its root. */
export function forbidsFurtherAuthorities(path: readonly X509Certificate[]): boolean {
  return path.some((certificate, below) => {
    const length = new Parsed(new Uint8Array(certificate.raw)).getExtension(BasicConstraintsExtension)?.pathLength;
    return length !== undefined && length <= below;
  });
}

/** Whole days from `time` to the certificate's end, negative after it. */
export function daysLeft(certificate: X509Certificate, time: string): number {
  return Math.floor((Date.parse(certificate.validTo) - Date.parse(time)) / 86_400_000);
}

/** Days that the certificate is valid in all. */
export function lifetimeDays(certificate: X509Certificate): number {
  return (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000;
}

/** The certificate's common name or, without one, its organisation. */
export function nameOf(certificate: X509Certificate): string {
  const subject = certificate.subject ?? "";
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? /^O=(.*)$/m.exec(subject)?.[1] ?? "unnamed";
}
