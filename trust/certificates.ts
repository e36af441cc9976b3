import { ISTIOD_DNS_NAME } from "../topology/names";

/** Algorithm and size of a key. */
export type KeyAlgorithm = "ECDSA-P256" | "ECDSA-P384" | "RSA-2048" | "RSA-4096";

/** How long certificates are valid. */
export interface Lifetimes {
  /** Hours for which a root is valid. */
  readonly rootValidityHours: number;
  /** Hours for which an intermediate is valid. */
  readonly intermediateValidityHours: number;
  /** Hours before its end at which `up` reissues an intermediate. */
  readonly earlyRenewalHours: number;
}

/** Key parameters as @pulumi/tls takes them. */
export interface KeyParameters {
  readonly algorithm: "ECDSA" | "RSA";
  readonly ecdsaCurve?: string;
  readonly rsaBits?: number;
}

/** A certificate's subject as @pulumi/tls takes it. */
export interface Subject {
  readonly organization: string;
  readonly commonName: string;
  readonly locality?: string;
  readonly serialNumber?: string;
}

/** Parameters of a self-signed root, without its subject. */
export interface RootParameters {
  readonly validityPeriodHours: number;
  readonly isCaCertificate: true;
  /** One: below a root there is an intermediate, and below that only workloads, whatever the intermediate itself allows. */
  readonly maxPathLength: 1;
  readonly setSubjectKeyId: true;
  readonly allowedUses: string[];
}

/** Parameters of an intermediate that a root signs. */
export interface IntermediateParameters {
  readonly validityPeriodHours: number;
  readonly earlyRenewalHours: number;
  readonly isCaCertificate: true;
  /**
   * Zero: an intermediate signs workloads, never another CA. The tls provider loses the zero on the way into the certificate, so
   * the root's path length is what forbids it. The parameter stays all the same: without it every certificate would be reissued.
   */
  readonly maxPathLength: 0;
  readonly setSubjectKeyId: true;
  readonly allowedUses: string[];
}

/** DNS names of an intermediate: what Istio's own certificate tooling puts there. */
export const INTERMEDIATE_DNS_NAMES: readonly string[] = [ISTIOD_DNS_NAME];

/** What a CA may do with its key. */
const CA_USES = ["digital_signature", "key_encipherment", "cert_signing", "crl_signing"];

/** Key parameters of roots and intermediates. */
export function keyParameters(algorithm: KeyAlgorithm): KeyParameters {
  const [kind, size] = algorithm.split("-") as ["ECDSA" | "RSA", string];
  return kind === "RSA" ? { algorithm: kind, rsaBits: Number(size) } : { algorithm: kind, ecdsaCurve: size };
}

/** Subject of a root. */
export function rootSubject(meshId: string, root: string): Subject {
  return { organization: meshId, commonName: `${meshId} root CA ${root}` };
}

/**
 * Parameters of a root. It has no early renewal: a root that renewed itself would cut off everyone who trusts the previous one.
 * It is replaced in steps, see `checkRotation`.
 */
export function rootParameters({ rootValidityHours }: Pick<Lifetimes, "rootValidityHours">): RootParameters {
  return { validityPeriodHours: rootValidityHours, isCaCertificate: true, maxPathLength: 1, setSubjectKeyId: true, allowedUses: [...CA_USES] };
}

/**
 * Subject of a member's intermediate. Its serial number is the trust generation: raising it changes the request, and with it
 * reissues the certificate, without a new key pair and without a change of the root.
 */
export function intermediateSubject(meshId: string, member: string, generation: number): Subject {
  return { organization: meshId, commonName: `${meshId} intermediate CA ${member}`, locality: member, serialNumber: String(generation) };
}

/** Parameters of a member's intermediate. */
export function intermediateParameters(lifetimes: Omit<Lifetimes, "rootValidityHours">): IntermediateParameters {
  return {
    validityPeriodHours: lifetimes.intermediateValidityHours,
    earlyRenewalHours: lifetimes.earlyRenewalHours,
    isCaCertificate: true,
    maxPathLength: 0,
    setSubjectKeyId: true,
    allowedUses: [...CA_USES],
  };
}

/** PEM blocks one after another, each with exactly one newline at its end: istiod compares bundles byte by byte. */
export function pemBundle(blocks: readonly string[]): string {
  return blocks.map((block) => `${block.trim()}\n`).join("");
}

/** The four files of `cacerts`. */
export interface CacertsFiles {
  readonly "ca-cert.pem": string;
  readonly "ca-key.pem": string;
  /** The intermediate, followed by the root that signed it. */
  readonly "cert-chain.pem": string;
  /**
   * Every trusted root: the one that signs, then the others in the order given. So a change of the signer changes the bundle, on
   * which istiod at once reissues the certificates of all workloads, and the old root can be removed before those certificates
   * have expired.
   */
  readonly "root-cert.pem": string;
}

/** Assembles `cacerts` from PEM texts. */
export function cacertsFiles(pem: {
  readonly certificate: string;
  readonly key: string;
  readonly signer: string;
  readonly roots: readonly string[];
}): CacertsFiles {
  const others = pem.roots.filter((root) => root.trim() !== pem.signer.trim());
  return {
    "ca-cert.pem": pemBundle([pem.certificate]),
    "ca-key.pem": pemBundle([pem.key]),
    "cert-chain.pem": pemBundle([pem.certificate, pem.signer]),
    "root-cert.pem": pemBundle([pem.signer, ...others]),
  };
}
