import { X509Certificate } from "node:crypto";
import { remembered } from "../../../lib/remembered";
import { signingLimits } from "./extensions";

const DAY_MS = 86_400_000;

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** Each check of a mesh reads the same few again. */
const read = remembered(1024, (block) => new X509Certificate(block));

/** The certificates of a PEM bundle, in its order. @throws Error on a block that is not a certificate. */
export function certificates(pem: string | undefined): X509Certificate[] {
  return (pem?.match(PEM) ?? []).map(read);
}

/** The same; none when the bundle cannot be parsed. */
export function parsable(pem: string | undefined): X509Certificate[] {
  try {
    return certificates(pem);
  } catch {
    return [];
  }
}

/** SHA-256 fingerprints of certificates, sorted and joined: equal for the same certificates in any order. */
export function fingerprints(bundle: readonly X509Certificate[]): string {
  return bundle
    .map((certificate) => certificate.fingerprint256)
    .sort()
    .join();
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
  const { isAuthority, pathLength = Infinity, maySign } = signingLimits(certificate);
  return [
    ...(isAuthority ? [] : ["is not a certificate authority (CA:FALSE)"]),
    ...(pathLength < below ? [`allows ${pathLength} authorities below it and has ${below}`] : []),
    ...(maySign === false ? ["may not sign certificates (no keyCertSign)"] : []),
  ];
}

/** Whether the path length of one of them forbids a further authority below the first. From an intermediate up to its root. */
export function forbidsFurtherAuthorities(path: readonly X509Certificate[]): boolean {
  return path.some((certificate, below) => {
    const { pathLength = Infinity } = signingLimits(certificate);
    return pathLength <= below;
  });
}

/** Whole days from `time` to the certificate's end, negative after it. */
export function daysLeft(certificate: X509Certificate, time: string): number {
  return Math.floor((Date.parse(certificate.validTo) - Date.parse(time)) / DAY_MS);
}

/** Days that the certificate is valid in all. */
export function lifetimeDays(certificate: X509Certificate): number {
  return (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / DAY_MS;
}

/** The certificate's common name or, without one, its organisation. */
export function nameOf(certificate: X509Certificate): string {
  const subject = certificate.subject ?? "";
  return /^CN=(.*)/m.exec(subject)?.[1] ?? /^O=(.*)/m.exec(subject)?.[1] ?? "unnamed";
}
